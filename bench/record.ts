import { rmSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../src/core/operation.ts';
import { EngineClient, type TrailHandle } from '../src/engine/client.ts';
import { defaultSettings } from '../src/trail/settings.ts';
import type { Bar, Bench } from './bench.ts';
import { buildProduction } from './build.ts';
import {
  changeSome,
  copyAndSync,
  putCopy,
  putTensors,
  readAndHash,
  readAndWriteAlone,
  writeRandomFile,
} from './files.ts';
import { dropCaches } from './machine.ts';
import { byTool, comparedWith, inTurn, Samples, timed } from './measure.ts';
import { toolsIn } from './tools/all.ts';
import { modeltrail } from './tools/modeltrail.ts';
import { sync, type ToolName, toolNames } from './tools/tool.ts';

type Way = ToolName | 'read and SHA-256' | 'cp and fsync' | 'read and write alone';

const changed = 0.05;

/** Recording and rolling back a large file: whole commands, durable, in turn with what else one could do. */
export const record: Bench = {
  name: 'record',
  summary: 'record and roll back a large random file, durable',
  async run({ folder, size = 2 ** 30, rounds = 3, say }) {
    const { cli, engine } = await buildProduction(path.join(folder, 'extension'));
    const first = new Samples<Way>();
    const tensors = new Samples<Way>();
    const again = new Samples<Way>();
    const back = new Samples<Way>();
    const backDeleted = new Samples<Way>();
    const backCold = new Samples<Way>();
    const added = new Samples<Way>();
    const unchanged: number[] = [];
    const open = { recording: new Samples<Way>(), back: new Samples<Way>() };
    const openTensors = { recording: new Samples<Way>(), back: new Samples<Way>() };
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      const here = path.join(folder, `round${round}`);
      const tools = toolsIn(here, 'model.pt', cli);
      const source = path.join(here, 'source.pt');
      const copy = path.join(here, 'copy.pt');
      /** Does each in turn, with nothing left to write from what came before. */
      const measure = async (
        samples: Samples<Way>,
        ways: readonly (readonly [Way, () => unknown])[],
        before: () => unknown = () => {},
      ) => {
        for (const [way, work] of inTurn(ways, round)) {
          sync(folder);
          before();
          samples.add(way, (await timed(work)) / 1000);
        }
      };
      const keeping = tools.map((tool) => [tool.name, () => tool.keep()] as const);
      const bare = [
        ['read and SHA-256', () => readAndHash(source)],
        ['cp and fsync', () => copyAndSync(source, copy)],
      ] as const;

      const alone =
        process.platform === 'linux'
          ? [['read and write alone', () => readAndWriteAlone(source, copy)] as const]
          : [];

      writeRandomFile(source, size);
      const original = readAndHash(source);
      for (const tool of tools) putCopy(source, tool.model);
      await measure(first, [...keeping, ...bare]);
      rmSync(copy);
      const whenOpen = async (
        { recording, back: puttingBack }: typeof open,
        model: string,
        put: (from: string, to: string) => void,
      ) => {
        const place = modeltrail({ folder: path.join(here, 'open'), model }, cli);
        const at = path.dirname(place.model);
        put(source, place.model);
        writeRandomFile(path.join(at, 'before.pt'), 16 << 20);
        await inOpenEngine(engine, at, async (trail) => {
          await trail.record({ model: 'before.pt' }, unattended);
          let version = '';
          await measure(recording, [
            ['modeltrail', () => trail.record({ model }, unattended)],
            ['read and SHA-256', () => (version = readAndHash(place.model))],
          ]);
          rmSync(place.model);
          await measure(puttingBack, [
            ['modeltrail', () => trail.rollback({ model, version }, unattended)],
            ...alone,
          ]);
        });
        rmSync(at, { recursive: true });
      };
      await whenOpen(open, 'model.pt', putCopy);
      await whenOpen(openTensors, 'model.safetensors', putTensors);
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

      unchanged.push(
        ...(await inOpenEngine(engine, path.join(here, 'modeltrail'), async (trail) => {
          const record = () => timed(() => trail.record({ model: 'model.pt' }, unattended));
          const times: number[] = [];
          for (let time = 0; time < 5; time++) times.push(await record());
          return times;
        })),
      );

      const restoring = [...tools.map((tool) => [tool.name, () => tool.restore(1)] as const), ...alone];
      await measure(back, restoring);
      for (const tool of tools) rmSync(tool.model);
      await measure(backDeleted, restoring);
      if (dropCaches()) {
        for (const tool of tools) rmSync(tool.model);
        await measure(backCold, restoring, dropCaches);
      }
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
      ...ratios(`record ${gigabytes} GiB, engine open`, open.recording, {
        'read and SHA-256': { atLeast: 0.6 },
      }),
      ...ratios(`record ${gigabytes} GiB of tensors, engine open`, openTensors.recording, {
        'read and SHA-256': { atLeast: 0.6 },
      }),
      ...ratios(`record again, ${changed * 100} % changed`, again, { 'git lfs': { atLeast: 3 } }),
      ...byTool<Way>('bytes added by it, changed bytes = 1', added, 'x', { modeltrail: { atMost: 1.05 } }),
      {
        what: 'record an unchanged file',
        samples: unchanged,
        unit: 'ms' as const,
        bar: { atMost: 5 },
      },
      ...ratios(`roll back ${gigabytes} GiB`, back, { 'git lfs': { atLeast: 3.5 } }),
      ...ratios(`roll back ${gigabytes} GiB, deleted`, backDeleted, { 'git lfs': { atLeast: 3.5 } }),
      ...ratios(`roll back ${gigabytes} GiB, deleted, cold`, backCold, { 'git lfs': { atLeast: 3.5 } }),
      ...ratios(`roll back ${gigabytes} GiB, engine open`, open.back, {}),
      ...ratios(`roll back ${gigabytes} GiB of tensors, engine open`, openTensors.back, {}),
    ];
    const isCold = backCold.names.length > 0;
    const missing = toolNames.filter((name) => first.of(name).length === 0);
    const notes = [
      'Whole commands, process start included, but for reading and hashing and what an open engine does; files in the page cache; every way ends when its bytes are on the disk. Modeltrail, restic and borg verify what they put back. An open engine has recorded 16 MiB before. Rolled back over the file with 5 % changed, or, deleted, where none is.',
      isCold
        ? 'Cold: nothing of what is on the disk was in the page cache, as after a restart.'
        : 'A cold disk was not measured: only root can empty the page cache, on Linux.',
      ...missing.map((name) => `${name} is not installed: nothing to compare with.`),
    ];
    return { figures, notes };
  },
};

/** In the process and over the pipe that the editor has the engine in, when it has shown its models. */
async function inOpenEngine<T>(
  program: string,
  folder: string,
  work: (trail: TrailHandle) => Promise<T>,
): Promise<T> {
  const client = new EngineClient({ program, onDidChange() {}, onLog() {} });
  try {
    const trail = await client.openTrail(folder, defaultSettings);
    await trail.refresh(unattended);
    // The rows of the tree.
    await trail.models();
    return await work(trail);
  } finally {
    await client.dispose();
  }
}
