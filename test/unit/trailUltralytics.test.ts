import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { copy, record, setTime } from '../support/trainers.ts';
import { open, workspace } from '../support/trails.ts';

const run = 'ultralytics/runs/detect/train';
const [best, last, log] = [`${run}/weights/best.pt`, `${run}/weights/last.pt`, `${run}/results.csv`];

it('says of the best and of the last weights what their rows say', async () => {
  copy('ultralytics');
  expect((await record(best)).version).toMatchObject({
    metrics: { 'metrics/mAP50(B)': 0.81519, 'train/box_loss': 2.70311 },
    params: { epoch: 10, epochs: 11, optimizer: 'AdamW' },
  });
  const { version, metricsFile } = await record(last);
  expect(version).toMatchObject({ metrics: { 'metrics/mAP50(B)': 0.25669 }, params: { epoch: 11 } });
  expect(metricsFile).toBe(log);
});

it('also says the right thing while the log is ahead of the weights', async () => {
  copy('ultralytics');
  const rows = workspace.read(log).toString();
  appendFileSync(
    path.join(workspace.folder, log),
    rows
      .trimEnd()
      .split('\n')
      .at(-1)
      ?.replace(/^11,[^,]*,[^,]*,[^,]*,[^,]*,[^,]*/, '12,9,1,1,1,0.99') + '\n',
  );
  expect((await record(last)).version).toMatchObject({ params: { epoch: 11 } });
});

it('says nothing of weights that none or several of its rows fit, and says that', async () => {
  copy('ultralytics');
  const lines = workspace.read(log).toString().split('\n');
  workspace.write(log, lines.filter((line) => !line.startsWith('10,')).join('\n'));
  const { version, metricsProblem } = await record(best);
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toBe(
    `${log} was not used: it does not tell which row is that of ${best}. Add its metrics by hand.`,
  );
});

it('is not read where it is outside of the folder that is opened', async () => {
  copy('ultralytics');
  workspace.git('init', '--quiet', `${run}/weights`);
  const trail = await open({ folder: path.join(workspace.folder, run, 'weights') });
  const { version, metricsProblem } = await trail.record({ model: 'best.pt' }, unattended);
  expect(version.metrics).toEqual({});
  expect(metricsProblem).toBeUndefined();
});

it('says of weights that say nothing of themselves what their name and the times tell', async () => {
  copy(`${run}/results.csv`, `old/results.csv`);
  const names = ['best', 'last', 'epoch3'].map((name) => `old/weights/${name}.pt`);
  for (const [at, name] of names.entries()) workspace.write(name, zip(String(at)));
  setTime(-9, 'old/results.csv');
  setTime(-8, ...names);
  const found = [];
  for (const name of names) found.push((await record(name)).version.params['epoch']);
  expect(found).toEqual([undefined, 11, 4]);
  workspace.write('old/weights/last.pt', zip('now'));
  setTime(-10, 'old/weights/last.pt');
  expect((await record('old/weights/last.pt')).version.metrics).toEqual({});
});

/** Bytes that are no model that can be read. */
function zip(text: string): Uint8Array {
  return Buffer.concat([Buffer.from('PK\x05\x06'), Buffer.alloc(18), Buffer.from(text)]);
}
