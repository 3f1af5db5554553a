import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'vitest';

const writer = `
import mmap, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
pages = mmap.mmap(file, 0)
for line in sys.stdin:
    pages[1000:1010] = line.strip().encode()
    print('written', flush=True)
`;

export interface MappedFile {
  /** Ten letters, at the same place of the file each time. */
  write(text: string): Promise<void>;
  close(): Promise<void>;
}

/** A program that has a file mapped, as np.memmap does. Skips the test, visibly, where there is none. */
export function mapFile(test: TestContext, file: string): MappedFile {
  if (process.platform !== 'linux') return test.skip('this system dates what is written in another way');
  if (spawnSync('python3', ['--version']).error) return test.skip('this machine has no Python');
  const program = spawn('python3', ['-c', writer, file], { stdio: ['pipe', 'pipe', 'inherit'] });
  return {
    async write(text) {
      program.stdin.write(`${text}\n`);
      await once(program.stdout, 'data');
    },
    async close() {
      program.stdin.end();
      await once(program, 'close');
    },
  };
}
