import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The smallest real .safetensors file: one F32 tensor `w` of the given values. */
export function tinySafetensors(values: readonly number[]): Buffer {
  const data = Buffer.from(Float32Array.from(values).buffer);
  const header = Buffer.from(
    JSON.stringify({ w: { dtype: 'F32', shape: [values.length], data_offsets: [0, data.length] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, data]);
}

/** Makes a Git repository with two committed versions of `models/tiny.safetensors` and its `metrics.json`. @returns the folder */
export function makeTestRepository(folder: string): string {
  const model = path.join(folder, 'models/tiny.safetensors');
  mkdirSync(path.dirname(model), { recursive: true });
  const git = (...args: string[]) =>
    execFileSync('git', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  git('init', '--quiet', '--initial-branch=main');
  git('config', 'user.name', 'Ada');
  git('config', 'user.email', 'ada@example.com');
  git('config', 'commit.gpgsign', 'false');
  for (const [i, message] of ['First training run', 'Train for longer'].entries()) {
    writeFileSync(model, tinySafetensors([1, 2, 3, 4 + i]));
    writeFileSync(path.join(path.dirname(model), 'metrics.json'), JSON.stringify({ f1: 0.8 + i / 10 }));
    git('add', '.');
    git('commit', '--quiet', '--message', message);
  }
  return folder;
}
