import { execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from '../test/harness/paths.ts';
import type { Bench, Figure } from './bench.ts';
import { buildProduction } from './build.ts';
import { inTurn, Samples, timed } from './measure.ts';

type Way = 'modeltrail' | 'numpy';

/** The share of the tensors that differ. */
const kinds = [
  { name: 'all tensors changed', share: 1 },
  { name: 'a tenth of the tensors changed', share: 0.1 },
] as const;

/** More of them wait for each other where the machine does something else too, and NumPy takes many times as long. */
const oneThread = { ...process.env, OPENBLAS_NUM_THREADS: '1' };

const script = path.join(repositoryRoot, 'bench/diffNumpy.py');

/** Two checkpoints compared by us and by a script of NumPy: whole commands, the files in the page cache. */
export const diff: Bench = {
  name: 'diff',
  summary: 'what changed between two safetensors files, with statistics of every tensor',
  async run({ folder, size = 2 ** 30, rounds = 5, say }) {
    const python = findPython();
    if (python === undefined)
      throw new Error(
        'There is no Python with numpy and safetensors to compare with; MODELTRAIL_PYTHON says where one is.',
      );
    const { cli } = await buildProduction(path.join(folder, 'extension'));
    const figures: Figure[] = [];
    const memory: number[] = [];
    for (const { name, share } of kinds) {
      const [a, b] = [path.join(folder, 'a.safetensors'), path.join(folder, 'b.safetensors')];
      execFileSync(python, [script, 'make', a, b, String(size), String(share)], { stdio: 'pipe' });
      const seconds = new Samples<Way>();
      for (let round = 0; round < rounds; round++) {
        say(`${name}, round ${round + 1} of ${rounds}`);
        const found: Partial<Record<Way, number>> = {};
        for (const way of inTurn<Way>(['modeltrail', 'numpy'], round)) {
          const time = await timed(async () => {
            if (way === 'numpy')
              found[way] = Number(execFileSync(python, [script, 'diff', a, b], { env: oneThread }));
            else {
              const { relativeL2, peak } = await ours(cli, a, b);
              found[way] = relativeL2;
              if (peak !== undefined) memory.push(peak);
            }
          });
          seconds.add(way, time / 1000);
        }
        const [mine = NaN, theirs = NaN] = [found.modeltrail, found.numpy];
        if (!(Math.abs(mine - theirs) <= 1e-9 * theirs)) throw new Error(`${mine} is not ${theirs}.`);
      }
      figures.push(
        { what: `${name}: modeltrail diff`, samples: seconds.of('modeltrail'), unit: 's' },
        { what: 'the same: NumPy', samples: seconds.of('numpy'), unit: 's' },
        {
          what: 'speed, NumPy = 1',
          samples: seconds.speedup('modeltrail', 'numpy'),
          unit: 'x',
          bar: { atLeast: 1 },
        },
      );
    }
    if (memory.length > 0)
      figures.push({
        what: 'most memory, modeltrail diff',
        samples: memory,
        unit: 'MB',
        bar: { atMost: 200 },
      });
    const gigabytes = (size / 2 ** 30).toPrecision(2);
    const notes = [
      `Two files of ${gigabytes} GiB, F32, in the page cache; process start included. Both give the same relative L2.`,
    ];
    return { figures, notes };
  },
};

/** One that has what the script needs. */
function findPython(): string | undefined {
  const candidates = [process.env['MODELTRAIL_PYTHON'], 'python3', 'python'];
  return candidates.find((program) => {
    if (program === undefined) return false;
    try {
      execFileSync(program, ['-c', 'import numpy, safetensors'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  });
}

/** With the most memory that it held at once, in MB, where the system tells. */
async function ours(cli: string, a: string, b: string): Promise<{ relativeL2: number; peak?: number }> {
  const child = spawn(process.execPath, [cli, '-C', path.dirname(a), 'diff', a, b, '--json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let peak: number | undefined;
  const looking = setInterval(() => (peak = peakMemory(child.pid) ?? peak), 10);
  try {
    const document = JSON.parse(await text(child.stdout)) as {
      diff: { verdict: { relativeL2: number } };
    };
    return { relativeL2: document.diff.verdict.relativeL2, peak };
  } finally {
    clearInterval(looking);
  }
}

function peakMemory(pid: number | undefined): number | undefined {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kibibytes === undefined ? undefined : (Number(kibibytes) * 1024) / 1e6;
  } catch {
    return undefined;
  }
}
