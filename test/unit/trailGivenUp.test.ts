import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultKeepRules } from '../../src/core/keepRules.ts';
import { unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { elsewhere, model, open, record, workspace } from '../support/trails.ts';

/** Two versions, and a clone that has their entries and not their bytes. */
async function recordedAndCloned() {
  const trail = await open();
  workspace.write('.gitignore', '*.safetensors\n');
  const first = await record(trail);
  const second = await record(trail);
  workspace.commit('both');
  const folder = path.join(elsewhere.folder, 'clone');
  workspace.git('clone', '--quiet', workspace.folder, folder);
  return { trail, first, second, clone: await open({ folder }) };
}

describe('bytes that are given up elsewhere', () => {
  it('refuses to give up what is only on another machine, and says who recorded it', async () => {
    const { clone, first } = await recordedAndCloned();
    const targets = [{ model, version: first }];
    const refused = {
      code: 'refused',
      message: `The bytes of v1 of ${model}, which Ada Lovelace recorded, are not in the store on this machine: there is nothing to give up here.`,
    };
    await expect(clone.planForget(targets, unattended)).rejects.toMatchObject(refused);
    await expect(clone.forget(targets, unattended)).rejects.toMatchObject(refused);
    expect((await clone.resolve(`${model}@v1`)).version?.forgotten).toBeUndefined();
  });

  it('names what somebody else gave up, before it goes, and keeps it when it is recorded again', async () => {
    const { trail, first, second } = await recordedAndCloned();
    const content = workspace.read(model);
    // What a clone of Grace's wrote that had the bytes too, and was pulled.
    const grace = { name: 'Grace Hopper' };
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    const drafts = [first, second].map(
      (version) => ({ kind: 'forgotten', by: grace, model, version }) as const,
    );
    const entries = [];
    for (const draft of drafts) entries.push(await journal.append(draft));
    await trail.refresh(unattended);
    const third = await record(trail);
    const { free, givenUp, bytes } = await trail.planFree(defaultKeepRules, unattended);
    expect(free).toEqual([]);
    expect(givenUp).toMatchObject(
      entries.toReversed().map(({ fact: { time } }, index) => ({
        version: { number: 2 - index },
        by: grace,
        time,
      })),
    );
    expect(bytes).toBeGreaterThan(100_000);
    expect(givenUp[0]?.bytes).toBeGreaterThan(50_000);
    expect(await trail.planForget([{ model, version: third }], unattended)).toMatchObject({ givenUp });

    await record(trail, content);
    expect((await trail.planFree(defaultKeepRules, unattended)).givenUp).toMatchObject([
      { version: { number: 1 } },
    ]);
    await trail.collectGarbage(unattended);
    expect((await trail.planFree(defaultKeepRules, unattended)).givenUp).toEqual([]);
    const kept = await trail.planRollback({ model, version: second }, unattended);
    expect(kept.from).toBe('store');
    expect((await trail.planRollback({ model, version: first }, unattended)).from).toBeUndefined();
  });
});
