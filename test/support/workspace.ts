import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A folder of its own for a test, with real files and, if wanted, a real Git repository. */
export interface Workspace {
  readonly folder: string;
  /** Writes a file, making its folders. @returns the SHA-256 of what was written */
  write(name: string, content: string | Uint8Array): string;
  read(name: string): Buffer;
  git(...args: string[]): string;
  commit(message: string): string;
  remove(): void;
}

export function makeWorkspace({ git = true } = {}): Workspace {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'modeltrail-')));
  const runGit = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  if (git) {
    runGit('init', '--quiet', '--initial-branch=main');
    runGit('config', 'user.name', 'Ada Lovelace');
    runGit('config', 'user.email', 'ada@example.com');
  }
  return {
    folder,
    write(name, content) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return sha256(content);
    },
    read: (name) => readFileSync(path.join(folder, name)),
    git: runGit,
    commit(message) {
      runGit('add', '--all');
      runGit('commit', '--quiet', '--message', message);
      return runGit('rev-parse', 'HEAD');
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

export function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** A small real safetensors file whose one tensor is random, so that no two are equal. */
export function safetensors(bytes = 64): Uint8Array {
  const header = JSON.stringify({ weight: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } });
  const file = Buffer.alloc(8 + header.length + bytes);
  file.writeBigUInt64LE(BigInt(header.length));
  file.write(header, 8);
  randomBytes(bytes).copy(file, 8 + header.length);
  return file;
}
