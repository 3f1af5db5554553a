import {
  appendFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { lostFacts } from '../../src/trail/claims/lostEntries.ts';
import { openContext } from '../../src/trail/opening.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { commandLine } from '../support/commandLine.ts';
import {
  age,
  elsewhere,
  model,
  open,
  record,
  store,
  train,
  versionsOf,
  workspace,
} from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const { modeltrail } = commandLine(() => workspace.folder);

const journal = (): string => path.join(workspace.folder, '.modeltrail/journal');

/** The file with what was written to the journal. */
const copy = (): string => path.join(store(), 'journal.jsonl');

function commitSomething(): void {
  workspace.write('README.md', 'x');
  workspace.commit('first');
}

const clean = (): string => workspace.git('clean', '-fdq');

describe('what git clean takes out of the journal', () => {
  it('is brought back, with the bytes that belong to it', async () => {
    commitSomething();
    const trail = await open();
    const id = await record(trail);
    await trail.tag({ model, version: id }, 'best', false);
    clean();
    expect(existsSync(path.join(workspace.folder, model))).toBe(false);
    const later = await open();
    expect(await later.models()).toEqual([]);
    expect(await later.lostEntries(unattended)).toMatchObject({ models: [model], names: [{}, {}] });
    expect(await later.bringBack(unattended)).toBe(2);
    expect(await later.lostEntries(unattended)).toBeUndefined();
    expect(await versionsOf(later)).toMatchObject([{ id, number: 1, tags: ['best'] }]);
    await later.rollback({ model, version: id }, unattended);
    expect(existsSync(path.join(workspace.folder, model))).toBe(true);
  });

  it('is told of by verify and status, and brought back if it is to repair', async () => {
    train();
    await modeltrail(['record', model]);
    clean();
    const { exitCode, stdout } = await modeltrail(['verify']);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(`about ${model}`);
    expect((await modeltrail(['status'])).stdout).toContain(`about ${model}`);
    expect(await modeltrail(['verify', '--repair'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Entries of the journal written back: 1.'),
    });
    expect(await modeltrail(['log', model])).toMatchObject({ stdout: expect.stringContaining('v1') });
  });

  it('is not both brought back and let go', async () => {
    expect(await modeltrail(['verify', '--repair', '--let-go'])).toMatchObject({ exitCode: 2 });
  });

  it('is kept for who brought it back, whoever lets it go after that', async () => {
    const trail = await open();
    await record(trail);
    clean();
    const { names } = (await trail.lostEntries(unattended))!;
    await trail.bringBack(unattended);
    expect(await trail.letGo(names, unattended)).toBe(0);
    clean();
    expect(await trail.lostEntries(unattended)).toMatchObject({ names });
  });

  it('is found after the repository was moved', async () => {
    const moved = path.join(elsewhere.folder, 'moved');
    await record(await open());
    cpSync(workspace.folder, moved, { recursive: true });
    rmSync(path.join(moved, '.modeltrail'), { recursive: true });
    expect(await (await open({ folder: moved })).lostEntries(unattended)).toMatchObject({ models: [model] });
  });

  it('keeps its bytes when a worktree gives them up that has recorded them too', async () => {
    commitSomething();
    const tree = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree);
    const trail = await open();
    const id = await record(trail);
    cpSync(path.join(workspace.folder, model), path.join(tree, model));
    const other = await open({ folder: tree });
    await other.record({ model }, unattended);
    clean();
    rmSync(path.join(tree, model));
    await other.forget([{ model, version: id }], unattended);
    age();
    await other.collectGarbage(unattended);
    expect(await trail.bringBack(unattended)).toBe(1);
    await trail.rollback({ model, version: id }, unattended);
  });

  it('is spoken of no more when it was let go', async () => {
    train();
    await modeltrail(['record', model]);
    clean();
    expect(await modeltrail(['verify', '--let-go'])).toMatchObject({ exitCode: 0 });
    expect(await modeltrail(['verify'])).toMatchObject({ exitCode: 0 });
    expect(existsSync(journal())).toBe(false);
  });

  it('keeps its bytes when another model gives them up', async () => {
    const trail = await open();
    const id = await record(trail);
    workspace.commit('first');
    train(safetensors(50_000), 'other.safetensors');
    writeFileSync(
      path.join(workspace.folder, 'other.safetensors'),
      readFileSync(path.join(workspace.folder, model)),
    );
    expect((await trail.record({ model: 'other.safetensors' }, unattended)).version.id).toBe(id);
    clean();
    rmSync(path.join(workspace.folder, model));
    const later = await open();
    await later.forget([{ model, version: id }], unattended);
    age();
    await later.collectGarbage(unattended);
    await later.bringBack(unattended);
    await later.rollback({ model: 'other.safetensors', version: id }, unattended);
  });
});

describe('an entry that is not in the journal', () => {
  it('is not lost while another branch has it', async () => {
    commitSomething();
    workspace.git('checkout', '--quiet', '-b', 'other');
    await record(await open());
    workspace.commit('recorded');
    workspace.git('checkout', '--quiet', 'main');
    const trail = await open();
    expect(existsSync(journal())).toBe(false);
    expect(await trail.lostEntries(unattended)).toBeUndefined();
    workspace.git('branch', '--quiet', '-D', 'other');
    expect(await trail.lostEntries(unattended)).toMatchObject({ models: [model] });
  });

  it('is not lost while it is in the stash', async () => {
    commitSomething();
    const trail = await open();
    await record(trail);
    workspace.git('stash', '--quiet', '--include-untracked');
    expect(existsSync(journal())).toBe(false);
    expect(await trail.lostEntries(unattended)).toBeUndefined();
    workspace.git('stash', 'pop', '--quiet');
    expect(existsSync(journal())).toBe(true);
  });

  it('is not lost while it is in an older stash, or was put aside by a rebase', async () => {
    commitSomething();
    const trail = await open();
    await record(trail);
    workspace.git('stash', '--quiet', '--include-untracked');
    workspace.write('README.md', 'y');
    workspace.git('stash', '--quiet');
    expect(await trail.lostEntries(unattended)).toBeUndefined();
    workspace.git('stash', 'drop', '--quiet');
    workspace.git('stash', 'pop', '--quiet');
    workspace.git('add', '.modeltrail');
    const commit = workspace.git('stash', 'create').trim();
    workspace.git('reset', '--quiet', '--hard');
    rmSync(journal(), { recursive: true, force: true });
    expect(await trail.lostEntries(unattended)).toMatchObject({ models: [model] });
    workspace.write('.git/rebase-merge/autostash', `${commit}\n`);
    expect(await trail.lostEntries(unattended)).toBeUndefined();
  });

  it('is not lost while another worktree has it', async () => {
    commitSomething();
    const tree = path.join(elsewhere.folder, 'tree');
    workspace.git('worktree', 'add', '--quiet', tree);
    const trail = await open();
    await record(trail);
    cpSync(path.join(workspace.folder, '.modeltrail'), path.join(tree, '.modeltrail'), { recursive: true });
    clean();
    expect(await trail.lostEntries(unattended)).toBeUndefined();
    rmSync(path.join(tree, '.modeltrail'), { recursive: true });
    expect(await trail.lostEntries(unattended)).toMatchObject({ models: [model] });
  });

  it('is not lost when a commit took it out', async () => {
    await record(await open());
    workspace.commit('recorded');
    workspace.git('rm', '--quiet', '-r', '.modeltrail');
    workspace.commit('removed');
    expect(await (await open()).lostEntries(unattended)).toBeUndefined();
  });

  it('is not lost when it is written while it is looked for', async () => {
    const [trail, { context }] = [
      await open(),
      await openContext(workspace.folder, { ...defaultSettings, trusted: true }, {}),
    ];
    const id = await record(trail);
    const list = context.journal.list.bind(context.journal);
    vi.spyOn(context.journal, 'list').mockImplementation(async () => {
      const names = await list();
      await trail.note({ model, version: id }, `${names.length}`);
      return names;
    });
    expect(await lostFacts(context, unattended)).toEqual([]);
    context.index.close();
  });

  it('is not said to be lost where Git cannot be asked', async () => {
    await record(await open());
    clean();
    expect(await (await open({ trusted: false })).lostEntries(unattended)).toBeUndefined();
  });

  it('is brought back outside Git too', async () => {
    const trail = await open({ folder: elsewhere.folder });
    const id = await record(trail, undefined, model, elsewhere);
    rmSync(path.join(elsewhere.folder, '.modeltrail/journal'), { recursive: true });
    const later = await open({ folder: elsewhere.folder });
    expect(await later.bringBack(unattended)).toBe(1);
    expect(await versionsOf(later)).toMatchObject([{ id }]);
  });
});

describe('the copy of the journal', () => {
  it('passes over what was cut off, and keeps what came after it', async () => {
    const trail = await open();
    await record(trail);
    const second = await record(trail);
    truncateSync(copy(), readFileSync(copy()).length - 20);
    const third = await record(trail);
    clean();
    const later = await open();
    expect(await later.bringBack(unattended)).toBe(2);
    const found = (await versionsOf(later)).map(({ id }) => id);
    expect(found).toHaveLength(2);
    expect(found).toContain(third);
    expect(found).not.toContain(second);
  });

  it('passes over lines that are none of its own', async () => {
    const trail = await open();
    await record(trail);
    appendFileSync(
      copy(),
      '\n[1]\n["","../../x.json","{}"]\nnull\n{"a":1}\n["","2026-11/nothing.json","{}"]\n',
    );
    expect(await trail.lostEntries(unattended)).toBeUndefined();
  });

  it("is in nobody's way when it cannot be written or read", async () => {
    const trail = await open();
    await record(trail);
    const file = copy();
    rmSync(file);
    workspace.write(path.relative(workspace.folder, path.join(file, 'in the way')), '');
    await record(trail);
    expect(await versionsOf(trail)).toHaveLength(2);
    expect(await trail.lostEntries(unattended)).toBeUndefined();
  });

  it('knows what a damaged entry said, without the index', async () => {
    train();
    await modeltrail(['record', model, '-m', 'first']);
    const names = readdirSync(journal(), { recursive: true, encoding: 'utf8' });
    const entry = names.find((name) => name.endsWith('.json')) ?? '';
    const before = readFileSync(path.join(journal(), entry), 'utf8');
    writeFileSync(path.join(journal(), entry), '');
    for (const name of readdirSync(store())) if (name.startsWith('index-')) rmSync(path.join(store(), name));
    expect(await modeltrail(['verify', '--repair'])).toMatchObject({ exitCode: 0 });
    expect(readFileSync(path.join(journal(), entry), 'utf8')).toBe(before);
  });
});
