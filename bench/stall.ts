import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeTestRepository } from '../test/harness/testRepository.ts';
import type { Bench } from './bench.ts';
import { buildProduction } from './build.ts';
import { inExtensionHost } from './editor.ts';
import type { Stalls } from './inEditor/stall.ts';

/** How much the editor's extensions, ours and all others, are held up while a large file is recorded. */
export const stall: Bench = {
  name: 'stall',
  summary: 'extension host while a large file is recorded',
  async run({ folder, size = 4 * 2 ** 30, rounds = 3, say }) {
    const built = await buildProduction(path.join(folder, 'extension'));
    const workspace = path.join(folder, 'workspace');
    makeTestRepository(workspace);
    say('writing the file');
    writeBlocks(path.join(workspace, 'model.pt'), size);
    say('recording it in the editor');
    const measured = await inExtensionHost<Stalls>({
      extension: built.extension,
      script: built.script('stall'),
      workspace,
      rounds,
      folder,
    });
    const idle = measured.map((round) => round.idle);
    const recording = measured.map((round) => round.recording);
    const gigabytes = `${(size / 2 ** 30).toPrecision(2)} GiB`;
    return {
      figures: [
        {
          what: `longest stall, recording ${gigabytes}`,
          samples: recording.map(({ max }) => max),
          unit: 'ms',
          bar: { atMost: 20 },
        },
        { what: '  99 % of the time under', samples: recording.map(({ p99 }) => p99), unit: 'ms' },
        { what: 'longest stall, doing nothing', samples: idle.map(({ max }) => max), unit: 'ms' },
        { what: '  99 % of the time under', samples: idle.map(({ p99 }) => p99), unit: 'ms' },
        { what: 'slowest fs.stat(), recording', samples: recording.map(({ stat }) => stat), unit: 'ms' },
        { what: 'slowest fs.stat(), doing nothing', samples: idle.map(({ stat }) => stat), unit: 'ms' },
        {
          what: 'speed of the recording',
          samples: recording.map(({ seconds }) => size / 1e6 / seconds),
          unit: 'MB/s',
        },
      ],
      notes: [
        'A stall is how much later than due a timer of 1 ms came; the command runs from its start to its message.',
      ],
    };
  },
};

/** Written in full, so that reading it is real work; the content hardly matters, and 64 MiB of random bytes repeat. */
function writeBlocks(file: string, size: number): void {
  const block = randomFillSync(Buffer.allocUnsafe(Math.min(64 << 20, size)));
  const handle = openSync(file, 'w');
  for (let at = 0; at < size; at += block.length)
    writeSync(handle, block, 0, Math.min(block.length, size - at), at);
  closeSync(handle);
}
