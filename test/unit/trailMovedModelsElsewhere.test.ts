import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { comeBack, move, moved, movedModel } from '../support/movedModel.ts';
import { age, elsewhere, model, open, record, trails, versionsOf, workspace } from '../support/trails.ts';

// What belongs to a model that made place for another, where less is known than when it was said: by old entries, after Git's history was
// rewritten, and by others who use the store.

/** Facts are seconds after the commits before them, as they are where nobody hurries. */
const soon = () => new Date(Date.now() + 60_000);

async function close(): Promise<void> {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
}

async function reopened(options = {}): Promise<Trail> {
  await close();
  const trail = await open(options);
  await trail.refresh(unattended);
  return trail;
}

const tagsOf = async (trail: Trail, name: string) =>
  (await versionsOf(trail, name)).map(({ id, tags }) => `${id} ${tags.join()}`).toSorted();

it('is told by the commit or the clock from entries of before they said what they came after', async () => {
  const { first, second } = await movedModel();
  const trail = await reopened({ now: soon });
  const fresh = await comeBack(trail);
  await trail.record({ model }, unattended);
  await trail.tag({ model, version: fresh }, 'champion', false);
  await close();
  const journal = path.join(workspace.folder, '.modeltrail/journal');
  const entries = readdirSync(journal, { recursive: true, encoding: 'utf8' });
  const files = entries.filter((name) => name.endsWith('.json')).map((name) => path.join(journal, name));
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  expect(texts.filter((text) => text.includes('"since"'))).toHaveLength(2);
  for (const file of files) {
    const { since: _, ...before } = JSON.parse(readFileSync(file, 'utf8')) as { since?: string };
    writeFileSync(file, JSON.stringify(before));
  }
  rmSync(path.join(workspace.folder, '.git/modeltrail'), { recursive: true });
  const later = await reopened();
  expect(await tagsOf(later, moved)).toEqual([`${first} `, `${second} champion`].toSorted());
  expect(await tagsOf(later, model)).toEqual([`${fresh} champion`]);
});

it('stays apart from what came later when the commit that moved it is rewritten', async () => {
  const { trail, first, second } = await movedModel();
  const fresh = await comeBack(trail);
  await trail.record({ model }, unattended);
  await trail.tag({ model, version: fresh }, 'champion', false);
  workspace.git('commit', '--quiet', '--amend', '--date', '2040-01-01T00:00:00Z', '--message', 'squashed');
  workspace.git('reflog', 'expire', '--expire=now', '--all');
  await trail.refresh(unattended);
  expect(await tagsOf(trail, moved)).toEqual([`${first} `, `${second} champion`].toSorted());
  expect(await tagsOf(trail, model)).toEqual([`${fresh} champion`]);
});

it('has what was recorded under the old path on a branch that had not moved it yet', async () => {
  const trail = await open();
  const first = await record(trail);
  workspace.commit('first');
  workspace.git('switch', '--quiet', '--create', 'moving');
  await move(trail);
  workspace.git('switch', '--quiet', 'main');
  const onMain = await reopened();
  const second = await record(onMain);
  workspace.git('checkout', '--quiet', '--', model);
  workspace.commit('the journal only');
  workspace.git('merge', '--quiet', '--message', 'merged', 'moving');
  const merged = await reopened({ now: soon });
  const fresh = await comeBack(merged);
  await merged.record({ model }, unattended);
  expect(await tagsOf(merged, moved)).toEqual([`${first} `, `${second} `].toSorted());
  expect(await tagsOf(merged, model)).toEqual([`${fresh} `]);
});

it('keeps its bytes when another worktree gives up the same, though the other model did too', async () => {
  const { trail, first, content } = await movedModel();
  await comeBack(trail, content);
  await trail.record({ model }, unattended);
  await trail.forget([{ model, version: first }], unattended);
  const tree = path.join(elsewhere.folder, 'tree');
  workspace.git('worktree', 'add', '--quiet', tree);
  const other = await open({ folder: tree });
  elsewhere.write('tree/copy.safetensors', content);
  await other.record({ model: 'copy.safetensors' }, unattended);
  await other.forget([{ model: 'copy.safetensors', version: first }], unattended);
  age();
  await other.collectGarbage(unattended);
  await trail.rollback({ model: moved, version: first }, unattended);
  expect(workspace.read(moved)).toEqual(Buffer.from(content));
});
