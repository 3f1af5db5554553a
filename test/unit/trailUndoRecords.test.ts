import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { model, open, train, workspace, write } from '../support/trails.ts';

describe('undoing what was recorded of a version that was there before', () => {
  const states = async (trail: Trail): Promise<unknown> =>
    (await trail.versions(model, { offset: 0, limit: 9 })).versions.map(({ message, metrics, params }) => ({
      message,
      metrics,
      params,
    }));

  it('takes back the metrics and the message, saying which, and never the version', async () => {
    const trail = await open();
    train();
    await trail.record({ model, message: 'one', metrics: { loss: 0.5 } }, unattended);
    const before = await states(trail);
    expect(await trail.planUndo()).toBeUndefined();
    write('metrics.json', '{"auc": 0.9}');
    await trail.record({ model, message: 'two', metrics: { loss: 0.4 } }, unattended);
    const { entries } = await trail.activity({ offset: 0, limit: 9 });
    expect(entries.map(({ undoable, again }) => [undoable, again])).toEqual([
      [true, true],
      [false, false],
    ]);
    const plan = await trail.planUndo();
    expect(plan?.description).toBe(
      'These metrics and parameters of v1 of net.safetensors are removed: auc. ' +
        'These metrics and parameters of v1 of net.safetensors are again what they were: loss=0.5. ' +
        'The message of v1 of net.safetensors becomes "one" again.',
    );
    await trail.undo(plan?.fact.id ?? '', unattended);
    expect(await states(trail)).toEqual(before);
    expect(await trail.planUndo()).toBeUndefined();
    const [undid] = (await trail.activity({ offset: 0, limit: 9 })).entries;
    expect(undid).toMatchObject({ undid: { kind: 'recorded' }, again: true });
  });

  it('leaves it known what the file on disk came from', async () => {
    const trail = await open();
    train();
    const bytes = workspace.read(model);
    const { version } = await trail.record({ model }, unattended);
    train();
    await trail.record({ model }, unattended);
    write(model, bytes);
    await trail.record({ model, message: 'again' }, unattended);
    await trail.undo((await trail.planUndo())?.fact.id ?? '', unattended);
    expect(await trail.planUndo()).toBeUndefined();
    train();
    const next = await trail.record({ model }, unattended);
    expect(next.version.provenance).toMatchObject({ parent: version.id });
  });

  it('is refused where it brought back what was forgotten', async () => {
    const trail = await open();
    train();
    const { version } = await trail.record({ model }, unattended);
    await trail.forget([{ model, version: version.id }], unattended);
    await trail.record({ model, metrics: { f1: 0.5 } }, unattended);
    expect(await trail.planUndo()).toBeUndefined();
  });
});
