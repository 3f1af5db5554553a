import { rmSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../src/core/operation.ts';
import { defaultSettings } from '../src/trail/settings.ts';
import { openTrail } from '../src/trail/trail.ts';
import type { Bar, Bench } from './bench.ts';
import { buildProduction } from './build.ts';
import { changeSome, copyAndSync, putCopy, putTensors, readAndHash, writeRandomFile } from './files.ts';
import { byTool, comparedWith, inTurn, Samples, timed } from './measure.ts';
import { toolsIn } from './tools/all.ts';
import { modeltrail } from './tools/modeltrail.ts';
import { sync, type ToolName, toolNames } from './tools/tool.ts';

type Way = ToolName | 'read and SHA-256' | 'cp and fsync';

const changed = 0.05;

/** Recording and rolling back a large file: whole commands, durable, in turn with what else one could do. */
export const record: Bench = {
  name: 'record',
  summary: 'record and roll back a large random file, durable',
  async run({ folder, size = 2 ** 30, rounds = 3, say }) {
    const { cli } = await buildProduction(path.join(folder, 'extension'));
    const first = new Samples<Way>();
    const tensors = new Samples<Way>();
    const again = new Samples<Way>();
    const back = new Samples<Way>();
    const added = new Samples<Way>();
    const unchanged: number[] = [];
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      const here = path.join(folder, `round${round}`);
      const tools = toolsIn(here, 'model.pt', cli);
      const source = path.join(here, 'source.pt');
      const copy = path.join(here, 'copy.pt');
      /** Does each in turn, with nothing left to write from what came before. */
      const measure = async (samples: Samples<Way>, ways: readonly (readonly [Way, () => unknown])[]) => {
        for (const [way, work] of inTurn(ways, round)) {
          sync(folder);
          samples.add(way, (await timed(work)) / 1000);
        }
      };
      const keeping = tools.map((tool) => [tool.name, () => tool.keep()] as const);
      const bare = [
        ['read and SHA-256', () => readAndHash(source)],
        ['cp and fsync', () => copyAndSync(source, copy)],
      ] as const;

      writeRandomFile(source, size);
      const original = readAndHash(source);
      for (const tool of tools) putCopy(source, tool.model);
      await measure(first, [...keeping, ...bare]);
      rmSync(copy);
      const inTensors = modeltrail({ folder: path.join(here, 'tensors'), model: 'model.safetensors' }, cli);
      putTensors(source, inTensors.model);
      await measure(tensors, [
        ['modeltrail', () => inTensors.keep()],
        ['read and SHA-256', () => readAndHash(inTensors.model)],
      ]);
      rmSync(path.join(here, 'tensors'), { recursive: true });

      changeSome(source, changed);
      for (const tool of tools) putCopy(source, tool.model);
      const before = tools.map((tool) => tool.stored());
      await measure(again, keeping);
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
    const ratios = (what: string, samples: Samples<Way>, bars: Partial<Record<Way, Bar>>) =>
      comparedWith<Way>('modeltrail', what, samples, bars);
    const figures = [
      ...ratios(`record ${gigabytes} GiB`, first, {
        'git lfs': { atLeast: 2.4 },
        'read and SHA-256': { atLeast: 0.6 },
      }),
      ...ratios(`record ${gigabytes} GiB of tensors`, tensors, { 'read and SHA-256': { atLeast: 0.6 } }),
      ...ratios(`record again, ${changed * 100} % changed`, again, { 'git lfs': { atLeast: 3 } }),
      ...byTool<Way>('bytes added by it, changed bytes = 1', added, 'x', { modeltrail: { atMost: 1.05 } }),
      {
        what: 'record an unchanged file',
        samples: unchanged,
        unit: 'ms' as const,
        bar: { atMost: 5 },
      },
      ...ratios(`roll back ${gigabytes} GiB`, back, { 'git lfs': { atLeast: 3.5 } }),
    ];
    const missing = toolNames.filter((name) => first.of(name).length === 0);
    const notes = [
      'Whole commands, process start included; files in the page cache; every way ends when its bytes are on the disk. Modeltrail, restic and borg verify what they put back.',
      ...missing.map((name) => `${name} is not installed: nothing to compare with.`),
    ];
    return { figures, notes };
  },
};

/** Milliseconds in an engine that is already open and has shown its models, as in the editor. */
async function recordUnchanged(folder: string): Promise<number> {
  const trail = await openTrail(folder, defaultSettings);
  try {
    await trail.refresh(unattended);
    // The rows of the tree.
    await trail.models();
    return await timed(() => trail.record({ model: 'model.pt' }, unattended));
  } finally {
    await trail.close();
  }
}
