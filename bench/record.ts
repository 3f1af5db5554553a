import { rmSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../src/core/operation.ts';
import { defaultSettings } from '../src/trail/settings.ts';
import { Trail } from '../src/trail/trail.ts';
import type { Bar, Bench, Figure, Unit } from './bench.ts';
import { buildProduction } from './build.ts';
import { changeSome, copyAndSync, putCopy, readAndHash, writeRandomFile } from './files.ts';
import { inTurn, Samples, timed } from './measure.ts';
import { gitLfs, modeltrail, sync, type Tool } from './tools.ts';

type Way = Tool['name'] | 'read and SHA-256' | 'cp and fsync';

const changed = 0.05;

/** Recording and rolling back a large file: whole commands, durable, in turn with what else one could do. */
export const record: Bench = {
  name: 'record',
  summary: 'record and roll back a large random file, durable',
  async run({ folder, size = 2 ** 30, rounds = 3, say }) {
    const { cli } = await buildProduction(path.join(folder, 'extension'));
    const first = new Samples<Way>();
    const again = new Samples<Way>();
    const back = new Samples<Way>();
    const added = new Samples<Way>();
    const unchanged: number[] = [];
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      const here = path.join(folder, `round${round}`);
      const tools = [modeltrail(path.join(here, 'modeltrail'), cli), gitLfs(path.join(here, 'lfs'))].filter(
        (tool) => tool !== undefined,
      );
      const source = path.join(here, 'source.pt');
      const copy = path.join(here, 'copy.pt');
      /** Does each in turn, with nothing left to write from what came before. */
      const measure = async (samples: Samples<Way>, ways: readonly (readonly [Way, () => unknown])[]) => {
        for (const [way, work] of inTurn(ways, round)) {
          sync(folder);
          samples.add(way, (await timed(work)) / 1000);
        }
      };
      const keeping = (message: string) =>
        tools.map((tool) => [tool.name, () => tool.keep(message)] as const);
      const bare = [
        ['read and SHA-256', () => readAndHash(source)],
        ['cp and fsync', () => copyAndSync(source, copy)],
      ] as const;

      writeRandomFile(source, size);
      const original = readAndHash(source);
      for (const tool of tools) putCopy(source, tool.model);
      await measure(first, [...keeping('first'), ...bare]);
      rmSync(copy);

      changeSome(source, changed);
      for (const tool of tools) putCopy(source, tool.model);
      const before = tools.map((tool) => tool.stored());
      await measure(again, keeping('again'));
      for (const [index, tool] of tools.entries())
        added.add(tool.name, (tool.stored() - (before[index] ?? 0)) / (size * changed));

      unchanged.push(await recordUnchanged(path.join(here, 'modeltrail')));

      for (const tool of tools) rmSync(tool.model);
      await measure(
        back,
        tools.map((tool) => [tool.name, () => tool.restoreFirst()] as const),
      );
      for (const tool of tools)
        if (readAndHash(tool.model) !== original) throw new Error(`${tool.name} put something else back.`);
      rmSync(here, { recursive: true });
    }
    const gigabytes = (size / 2 ** 30).toPrecision(2);
    const figures = [
      ...compare(`record ${gigabytes} GiB`, first, { 'git lfs': 2.4, 'read and SHA-256': 0.6 }),
      ...compare(`record again, ${changed * 100} % changed`, again, { 'git lfs': 3 }),
      ...inBytes(added),
      figure('record an unchanged file', unchanged, 'ms', { atMost: 5 }),
      ...compare(`roll back ${gigabytes} GiB, verified`, back, { 'git lfs': 3.5 }),
    ];
    const notes = [
      'Whole commands, process start included; files in the page cache; every way ends when its bytes are on the disk.',
    ];
    if (first.of('git lfs').length === 0) notes.push('git-lfs is not installed: nothing to compare with.');
    return { figures, notes };
  },
};

/** Milliseconds in an engine that is already open, as in the editor. */
async function recordUnchanged(folder: string): Promise<number> {
  const trail = await Trail.open(folder, defaultSettings);
  try {
    await trail.refresh(unattended);
    return await timed(() => trail.record({ model: 'model.pt' }, unattended));
  } finally {
    await trail.close();
  }
}

/** Seconds of each way, then how many times faster ours was. */
function compare(what: string, samples: Samples<Way>, bars: Partial<Record<Way, number>>): Figure[] {
  const ways = (['modeltrail', 'git lfs', 'read and SHA-256', 'cp and fsync'] as const).filter(
    (way) => samples.of(way).length > 0,
  );
  return [
    ...ways.map((way) => figure(`${what}: ${way}`, samples.of(way), 's')),
    ...ways.slice(1).map((other) => {
      const atLeast = bars[other];
      const bar = atLeast === undefined ? undefined : { atLeast };
      return figure(`${what}: speed, ${other} = 1`, samples.speedup('modeltrail', other), 'x', bar);
    }),
  ];
}

function inBytes(added: Samples<Way>): Figure[] {
  return (['modeltrail', 'git lfs'] as const)
    .filter((way) => added.of(way).length > 0)
    .map((way) =>
      figure(
        `bytes added by it, changed bytes = 1: ${way}`,
        added.of(way),
        'x',
        way === 'modeltrail' ? { atMost: 1.05 } : undefined,
      ),
    );
}

function figure(what: string, samples: readonly number[], unit: Unit, bar?: Bar): Figure {
  return { what, samples, unit, bar };
}
