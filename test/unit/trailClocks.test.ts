import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { age, model, open, record, versionsOf, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const bob = { name: 'Bob', email: 'bob@example.com' };
const aDayAhead = (): Date => new Date(Date.now() + 86_400_000);

describe('what is said after somebody whose clock was ahead', () => {
  it('counts: tags, stages, notes', async () => {
    const ada = await open();
    const [first, second] = [await record(ada), await record(ada)];
    const ahead = await open({ author: bob, now: aDayAhead });
    await ahead.tag({ model, version: first }, 'champion', false);
    await ahead.stage({ model, version: first }, 'production');
    await ahead.note({ model, version: first }, 'by Bob');
    await ada.refresh(unattended);
    await ada.tag({ model, version: second }, 'champion', true);
    await ada.stage({ model, version: second }, 'production');
    await ada.note({ model, version: first }, 'by Ada');
    for (const trail of [ada, await open()]) {
      expect(await versionsOf(trail)).toMatchObject([
        { id: second, tags: ['champion'], stage: 'production' },
        { id: first, tags: [], stage: 'retired', note: 'by Ada' },
      ]);
    }
  });

  it('keeps bytes that are recorded again', async () => {
    const content = safetensors(50_000);
    const ada = await open();
    const first = await record(ada, content);
    await record(ada);
    const ahead = await open({ author: bob, now: aDayAhead });
    await ahead.forget([{ model, version: first }], unattended);
    await ada.refresh(unattended);
    await record(ada, content);
    await record(ada);
    age();
    await ada.collectGarbage(unattended);
    await ada.rollback({ model, version: first }, unattended);
    expect(workspace.read(model)).toEqual(Buffer.from(content));
  });

  it('is undone first, when it was one and the same person', async () => {
    const ahead = await open({ now: aDayAhead });
    const id = await record(ahead);
    await ahead.tag({ model, version: id }, 'first', false);
    const corrected = await open();
    await corrected.tag({ model, version: id }, 'second', false);
    expect((await corrected.planUndo())?.fact).toMatchObject({ tag: 'second' });
  });

  it('has the date of its own clock, and stands above what that clock dated', async () => {
    const ahead = await open({ author: bob, now: aDayAhead });
    const first = await record(ahead);
    const ada = await open();
    const [second, third] = [await record(ada), await record(ada)];
    const versions = await versionsOf(ada);
    expect(versions.map(({ id }) => id)).toEqual([third, second, first]);
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    expect(versions.map(({ time }) => time < soon)).toEqual([true, true, false]);
  });

  it('can be said as long as there are years to date it', async () => {
    const trail = await open();
    const id = await record(trail);
    const journal = path.join(workspace.folder, '.modeltrail/journal/9999-12');
    mkdirSync(journal, { recursive: true });
    const fact = {
      modeltrail: 1,
      kind: 'noted',
      by: bob,
      model,
      version: id,
      note: 'the end',
      time: '9999-12-31T23:59:59.999Z',
    };
    writeFileSync(path.join(journal, '7ZZZZZZZZZ0000000000000000.json'), JSON.stringify(fact));
    await trail.refresh(unattended);
    await trail.tag({ model, version: id }, 'still', false);
    expect(await versionsOf(await open())).toMatchObject([{ tags: ['still'] }]);
  });
});

describe('an undo', () => {
  it('passes over what others have changed since, where nothing would change', async () => {
    const ada = await open();
    const [first, second] = [await record(ada), await record(ada)];
    const earlier = await ada.note({ model, version: first }, 'a note');
    const tagged = await ada.tag({ model, version: first }, 'champion', false);
    const other = await open({ author: bob });
    await other.tag({ model, version: second }, 'champion', true);
    await ada.refresh(unattended);
    expect((await ada.planUndo())?.fact.id).toBe(earlier);
    await expect(ada.planUndo(tagged)).rejects.toMatchObject({ code: 'refused' });
  });
});
