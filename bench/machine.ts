import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';

/** What the figures were measured on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** In GiB. */
  readonly memory: number;
  readonly system: string;
  readonly node: string;
  readonly gitLfs?: string;
}

export function thisMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    gitLfs: versionOf('git-lfs', 'version'),
  };
}

export function describe({ processor, cores, memory, system, node, gitLfs }: Machine): string {
  return [
    `${processor}, ${cores} cores, ${memory} GiB, ${system}, Node.js ${node}`,
    gitLfs ?? 'no git-lfs',
  ].join(', ');
}

/** How many processes wanted a core in the last minute; with more than there are cores, the figures are those of a busy machine. */
export function load(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

/**
 * Leaves in memory nothing of what is on the disk, as after a restart: Linux does it, for root.
 * @returns whether it is so now
 */
export function dropCaches(): boolean {
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

/** The first word of what a program says of its version; undefined when it is not installed. */
export function versionOf(program: string, ...args: readonly string[]): string | undefined {
  try {
    const said = execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return said.trim().split(/\s/)[0];
  } catch {
    return undefined;
  }
}
