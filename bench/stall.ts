import { randomFillSync } from 'node:crypto';
import { closeSync, linkSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { makeTestRepository } from '../test/harness/testRepository.ts';
import type { Bar, Bench, Figure } from './bench.ts';
import { buildProduction } from './build.ts';
import { inExtensionHost } from './editor.ts';
import type { Stalls, StallWork } from './inEditor/stall.ts';

/** How much the editor's extensions, ours and all others, are held up while a large file is recorded. */
export const stall: Bench = {
  name: 'stall',
  summary: 'extension host while a large file is recorded',
  async run({ folder, size = 4 * 2 ** 30, rounds = 3, say }) {
    const built = await buildProduction(path.join(folder, 'extension'));
    const workspace = path.join(folder, 'workspace');
    const elsewhere = path.join(folder, 'elsewhere');
    for (const repository of [workspace, elsewhere]) makeTestRepository(repository);
    say('writing the files');
    for (const model of ['first.pt', 'second.pt']) writeBlocks(path.join(workspace, model), size);
    linkSync(path.join(workspace, 'first.pt'), path.join(elsewhere, 'first.pt'));
    const inHost = <T>(own: boolean): Promise<T[]> =>
      inExtensionHost<T>({
        extension: built.extension,
        script: built.script('stall'),
        workspace,
        rounds,
        folder,
        env: {
          MODELTRAIL_BENCH_STALL: JSON.stringify({ cli: built.cli, elsewhere, own } satisfies StallWork),
        },
      });
    say('recording them in the editor');
    const measured = await inHost<Stalls>(false);
    say('again, to see what our own code does');
    const owns = await inHost<{ own: number }>(true);
    const gigabytes = `${(size / 2 ** 30).toPrecision(2)} GiB`;
    const delays = (what: string, of: keyof Stalls, bar?: Bar): Figure[] => [
      { what: `longest stall, ${what}`, samples: measured.map((round) => round[of].max), unit: 'ms', bar },
      { what: '  99 % of the time under', samples: measured.map((round) => round[of].p99), unit: 'ms' },
      { what: '  slowest fs.stat()', samples: measured.map((round) => round[of].stat), unit: 'ms' },
    ];
    return {
      figures: [
        {
          what: `longest that our own code held the host, recording ${gigabytes}`,
          samples: owns.map(({ own }) => own),
          unit: 'ms',
          bar: { atMost: 20 },
        },
        ...delays(`recording ${gigabytes}`, 'recording', { atMost: 20 }),
        ...delays('the same for the first version of the folder', 'first'),
        ...delays('the same by the command line in a folder the editor does not know', 'elsewhere'),
        ...delays('doing nothing', 'idle'),
        {
          what: 'speed of the recording',
          samples: measured.map(({ recording }) => size / 1e6 / recording.seconds),
          unit: 'MB/s',
        },
      ],
      notes: [
        'A stall is how much later than due a timer of 1 ms came; the command runs from its start to its message. Our own code is what a profile of the host shows, of the first version of the folder.',
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
