import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { Journal } from '../../src/journal/journal.ts';
import { recipeFile } from '../support/damage.ts';
import { frozen, mebibyte, model, net, recorded, reopened, weights } from '../support/headTraining.ts';
import { open, store, trails, workspace, write } from '../support/trails.ts';
import { sha256 } from '../support/workspace.ts';

describe('the space of a directory', () => {
  it('takes what is new of each version, and says so', async () => {
    const trail = await open();
    await recorded(trail, 1);
    await recorded(trail, 2);
    const usage = await trail.usage(unattended);
    const [row] = usage.models;
    expect(row?.versions).toHaveLength(2);
    expect(row?.size).toBeGreaterThan(10 * mebibyte);
    expect(usage.stored).toBeLessThan(6.2 * mebibyte);
    expect(row?.versions[0]?.own).toBeGreaterThan(mebibyte);
    expect(row?.versions[0]?.own).toBeLessThan(1.1 * mebibyte);
  });

  it('is given up file by file: what other versions have stays, and what is known of it too', async () => {
    const trail = await open();
    const first = await recorded(trail, 1);
    const second = await recorded(trail, 2);
    const result = await trail.forget([{ model, version: first.version }], unattended);
    expect(result.bytes).toBeGreaterThan(mebibyte);
    expect(result.bytes).toBeLessThan(1.1 * mebibyte);
    await expect(trail.rollback({ model, version: first.version }, unattended)).rejects.toThrow(
      /given up by Ada/,
    );
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    // Without its index it knows still which files were whose.
    await trail.close();
    trails.length = 0;
    const again = await open();
    await again.collectGarbage(unattended);
    expect(await again.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
    const { versions } = await again.versions(model, { offset: 0, limit: 9 });
    expect(versions.map(({ forgotten }) => forgotten)).toEqual([undefined, true]);
    // Recorded again, all of it is there again.
    write(`${model}/config.json`, JSON.stringify({ step: 2 }));
    await again.record({ model }, unattended);
    rmSync(path.join(workspace.folder, model), { recursive: true });
    await again.rollback({ model, version: second.version }, unattended);
    expect(sha256(workspace.read(weights))).toBe(second.head);
  });

  it('is not planned to be free of a version that somebody else has recorded again', async () => {
    const trail = await open();
    const first = await recorded(trail, 1);
    await recorded(trail, 2);
    const target = { model, version: first.version };
    const before = await trail.version(target);
    await trail.forget([target], unattended);
    await trail.collectGarbage(unattended);
    // What Grace wrote, who has all of it, and was pulled: here are the list, and the file that both versions share.
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    const by = { name: 'Grace Hopper' };
    const [size, files] = [before?.size ?? 0, before?.files];
    await journal.append({ kind: 'recorded', by, ...target, size, files, number: 1 });
    await trail.refresh(unattended);
    expect((await trail.version(target))?.forgotten).toBeUndefined();
    const rules = { last: 1, days: 0, tagged: true, staged: true, best: true };
    expect(await trail.planFree(rules, unattended)).toMatchObject({
      keep: [{ version: { number: 2 } }],
      free: [],
      givenUp: [],
    });
  });

  it('keeps a file that a version of a branch has which is not checked out', async () => {
    const trail = await open();
    await recorded(trail, 1);
    workspace.git('checkout', '-q', '-b', 'experiment');
    workspace.git('add', '.modeltrail');
    workspace.git('commit', '-q', '-m', 'one');
    const other = await recorded(trail, 2);
    write(`${model}/config.json`, '{"same": "head"}');
    const third = await trail.record({ model }, unattended);
    workspace.git('add', '.modeltrail');
    workspace.git('commit', '-q', '-m', 'two and three');
    // The journal of main gets a version with the same head.
    workspace.git('checkout', '-q', '-b', 'main', 'experiment~1');
    await trail.refresh(unattended);
    write(`${model}/notes.txt`, 'x');
    const { version } = await trail.record({ model }, unattended);
    await trail.forget([{ model, version: version.id }], unattended);
    await trail.collectGarbage(unattended);
    workspace.git('add', '.modeltrail');
    workspace.git('commit', '-q', '-m', 'forgotten');
    workspace.git('checkout', '-q', 'experiment');
    await trail.refresh(unattended);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
    expect([other.version, third.version.id]).not.toContain(version.id);
  });

  it('keeps the files of a version whose list only Git has', async () => {
    const trail = await open();
    const first = await recorded(trail, 1);
    // As with Git LFS, of which nobody but the store has the objects.
    const large = [weights, frozen].map((name) => ({ name, bytes: workspace.read(name) }));
    for (const { name, bytes } of large)
      write(
        name,
        `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256(bytes)}\nsize ${bytes.length}\n`,
      );
    workspace.commit('first');
    for (const { name, bytes } of large) write(name, bytes);
    await trail.refresh(unattended);
    const second = await recorded(trail, 2);
    rmSync(recipeFile(store(), first.version));
    const again = await reopened();
    await again.forget([{ model, version: second.version }], unattended);
    await again.collectGarbage(unattended);
    rmSync(path.join(workspace.folder, model), { recursive: true });
    await again.rollback({ model, version: first.version }, unattended);
    for (const { name, bytes } of large) expect(workspace.read(name).equals(bytes)).toBe(true);
  });

  it('packs each file as the difference to the same file of the version before', async () => {
    const trail = await open();
    const bytes = randomBytes(4 * mebibyte);
    // Weights whose exponents are alike, as real ones are.
    for (let at = 3; at < bytes.length; at += 4) bytes[at] = 0x3d;
    write(`${model}/config.json`, '{}');
    write(weights, net(bytes));
    await trail.record({ model }, unattended);
    for (let at = 0; at < bytes.length; at += 4) bytes[at] = (bytes[at] ?? 0) ^ 1;
    write(weights, net(bytes));
    const { version } = await trail.record({ model }, unattended);
    const { before, after } = await trail.pack(unattended);
    // The second takes next to nothing.
    expect(before - after).toBeGreaterThan(3.9 * mebibyte);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    rmSync(path.join(workspace.folder, model), { recursive: true });
    await trail.rollback({ model, version: version.id }, unattended);
    expect(sha256(workspace.read(weights))).toBe(sha256(net(bytes)));
  });
});
