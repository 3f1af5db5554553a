import { existsSync, readdirSync, renameSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Journal } from '../../src/journal/journal.ts';
import { commandLine } from '../support/commandLine.ts';
import { damageContent } from '../support/damage.ts';
import { safetensorsOf } from '../support/models.ts';
import { noisy, weights } from '../support/weights.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

const model = 'models/net.safetensors';

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

const { modeltrail, json, ok } = commandLine(() => workspace.folder);
const store = (): string => path.join(workspace.folder, '.git/modeltrail');

async function record(content: Uint8Array = safetensors(40_000), ...more: string[]): Promise<string> {
  const id = workspace.write(model, content);
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(path.join(workspace.folder, model), earlier, earlier);
  await ok('record', model, ...more);
  return id;
}

/** As if nobody had touched the packs for two hours. */
function age(): void {
  const then = new Date(Date.now() - 7_200_000);
  for (const name of readdirSync(path.join(store(), 'packs')))
    utimesSync(path.join(store(), 'packs', name), then, then);
}

describe('pack and du', () => {
  it('make the store smaller, and show by how much', async () => {
    const tensor = weights('BF16', 300_000);
    await record(safetensorsOf({ tensor }, 'BF16'), '-m', 'base');
    await record(safetensorsOf({ tensor: noisy('BF16', tensor, 1e-3) }, 'BF16'), '-m', 'longer');
    const { document } = await json('pack');
    expect(document['after']).toBeLessThan(0.6 * Number(document['before']));
    expect(await ok('pack')).toContain('There is nothing to pack.');
    const usage = await json('du', model);
    expect(usage.document).toMatchObject({
      folder: store(),
      models: [{ model, versions: [{ name: 'v2' }, { name: 'v1' }] }],
    });
    expect(usage.document['size']).toBeGreaterThan(600_000);
    expect(usage.document['stored']).toBeLessThan(400_000);
    expect(await ok('du')).toMatch(/^ +v2 +293 KB +stored .*its own .*longer$/m);
    expect((await json('du', 'models/nat.safetensors')).exitCode).toBe(3);
  });
});

describe('gc', () => {
  it('shows what would go and why the rest stays, and asks', async () => {
    for (let version = 0; version < 4; version++) await record();
    await ok('tag', `${model}@v1`, 'baseline');
    const rules = ['gc', '--keep-last', '1', '--days', '0'];
    const refused = await modeltrail(rules);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toContain('add --yes');
    expect(refused.stderr).toMatch(/v1 +tagged/);
    expect((await modeltrail(rules, { answer: 'n\n' })).exitCode).toBe(3);
    expect((await json('verify')).document).toMatchObject({ checked: 4 });
    const done = await modeltrail(rules, { answer: 'y\n' });
    expect(done.exitCode).toBe(0);
    expect(done.stderr).toMatch(/v3 .*\n.*v2 /);
    expect(done.stdout).toContain('given up: 2.');
    expect(done.stdout).toContain('for an hour');
    age();
    const { document } = await json('gc');
    expect(document).toMatchObject({ forgotten: [], removed: 2, waiting: 0 });
    expect(document['freed']).toBeGreaterThan(80_000);
    expect((await json('verify')).document).toMatchObject({ ok: true, checked: 2 });
    expect((await json('show', `${model}@v2`)).document).toMatchObject({ version: { forgotten: true } });
  });

  it('says what would go, and changes nothing, with --dry-run', async () => {
    for (let version = 0; version < 3; version++) await record();
    await ok('tag', `${model}@v1`, 'baseline');
    const rules = ['gc', '--keep-last', '1', '--days', '0', '--dry-run'];
    for (const more of [[], ['--yes']]) {
      const { exitCode, document } = await json(...rules, ...more);
      expect(exitCode).toBe(0);
      expect(document).toMatchObject({
        free: [{ version: { name: 'v2', forgotten: false }, bytes: expect.any(Number) }],
        kept: [{ version: { name: 'v3' } }, { version: { name: 'v1' }, reasons: [{ kind: 'tagged' }] }],
        givenUp: [],
      });
      expect(document['bytes']).toBeGreaterThan(30_000);
      expect(document['stored']).toBeGreaterThan(Number(document['bytes']));
      expect(document).not.toHaveProperty('forgotten');
    }
    expect(await ok(...rules)).toMatch(/v1 +tagged[^]*v2 [^]*Nothing was changed\.$/m);
    expect((await json('verify')).document).toMatchObject({ ok: true, checked: 3 });
    expect((await json('gc', '--dry-run')).document).toMatchObject({ free: [], bytes: 0 });
  });

  it('lists what somebody else gave up and is here still, and how to keep it', async () => {
    const id = await record(undefined, '-m', 'the best');
    await record();
    const journal = new Journal(path.join(workspace.folder, '.modeltrail/journal'));
    const { fact } = await journal.append({
      kind: 'forgotten',
      by: { name: 'Grace Hopper' },
      model,
      version: id,
    });
    const day = fact.time.slice(0, 10);
    const refused = await modeltrail(['gc']);
    expect(refused.exitCode).toBe(3);
    expect(refused.stderr).toMatch(
      new RegExp(`v1 +given up by Grace Hopper on ${day} +3\\d\\.\\d KB +the best`),
    );
    expect(refused.stderr).toContain('`modeltrail rollback REF`, then `modeltrail record PATH`');
    // As it says.
    await ok('rollback', `${model}@v1`, '--yes');
    await ok('record', model);
    await ok('rollback', `${model}@v2`, '--yes');
    expect((await json('gc')).document).toMatchObject({ givenUp: [] });
    const again = await journal.append({
      kind: 'forgotten',
      by: { name: 'Grace Hopper' },
      model,
      version: id,
    });
    const { document } = await json('gc', '--yes');
    expect(document).toMatchObject({
      forgotten: [],
      givenUp: [
        { version: { name: 'v1' }, by: { name: 'Grace Hopper', email: null }, time: again.fact.time },
      ],
    });
    expect(document['bytes']).toBeGreaterThan(30_000);
  });

  it('and forget say what another branch has tagged or in a stage', async () => {
    workspace.write('.gitignore', 'models/\n');
    await record();
    await record();
    workspace.commit('two versions');
    workspace.git('checkout', '--quiet', '-b', 'release');
    await ok('tag', `${model}@v1`, 'champion');
    await ok('stage', `${model}@v1`, 'production');
    workspace.commit('released');
    workspace.git('checkout', '--quiet', 'main');
    const said = 'tagged champion on release, in production on release';
    const rules = ['gc', '--keep-last', '1', '--days', '0', '--dry-run'];
    expect(await ok(...rules)).toMatch(new RegExp(`v1 +${said}`));
    const reasons = [
      { kind: 'taggedElsewhere', name: 'champion', where: { ref: 'release' } },
      { kind: 'stagedElsewhere', name: 'production', where: { ref: 'release' } },
    ];
    const { document } = await json(...rules);
    expect(document).toMatchObject({ free: [], kept: [{ version: { name: 'v2' } }, { reasons }] });
    const forget = ['forget', `${model}@v1`, '--dry-run'];
    expect(await ok(...forget)).toContain(`${model} v1 is ${said}.`);
    const plan = (await json(...forget)).document;
    expect(plan).toMatchObject({ heldElsewhere: [{ version: { name: 'v1' }, reasons }] });
  });

  it('takes whole numbers only', async () => {
    for (const argv of [
      ['gc', '--days', 'soon'],
      ['gc', '--keep-last=-1'],
      ['verify', '--sample', '1.5'],
    ])
      expect((await json(...argv)).exitCode).toBe(2);
  });
});

describe('forget', () => {
  it('gives up the bytes of what is named, when told so', async () => {
    await record();
    await record();
    await record();
    await ok('tag', `${model}@v1`, 'champion');
    await ok('stage', `${model}@v1`, 'production');
    const { stderr: question, ...asked } = await modeltrail(['forget', `${model}@v1`]);
    expect(asked.exitCode).toBe(3);
    expect(question).toMatch(
      /The bytes of models\/net\.safetensors v1 will be given up, to free 39\.\d KB\./,
    );
    expect(question).toContain('v1 is tagged champion. ');
    expect(question).toContain('v1 is in production. ');
    expect((await json('forget', model, '--yes')).exitCode).toBe(2);
    const { document } = await json('forget', `${model}@v1`, `${model}@v2`, `${model}@v1`, '--yes');
    expect(document).toMatchObject({ forgotten: [{ name: 'v1', forgotten: true }, { name: 'v2' }] });
    expect(document['bytes']).toBeGreaterThan(80_000);
    const { exitCode, stderr } = await modeltrail(['rollback', `${model}@v1`, '--yes']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('were given up by Ada Lovelace');
    expect(await ok('log', model)).toMatch(/^v1 .*\(champion, @production, bytes given up\)/m);
    expect(await ok('show', `${model}@v1`)).toMatch(/Kept bytes +given up/);
    expect(await ok('show', `${model}@v3`)).not.toContain('given up');
    expect(await ok('compare', `${model}@v2`, `${model}@v3`)).toContain('(bytes given up)');
  });
});

describe('forget --dry-run', () => {
  it('says what would be free, and gives up nothing', async () => {
    await record();
    await record();
    const forget = ['forget', `${model}@v1`];
    const { exitCode, document } = await json(...forget, '--dry-run', '--yes');
    expect(exitCode).toBe(0);
    expect(document).toMatchObject({ free: [{ name: 'v1', forgotten: false }], givenUp: [] });
    expect(document['bytes']).toBeGreaterThan(30_000);
    expect(await ok(...forget, '--dry-run')).toMatch(/will be given up, to free .*\nNothing was changed\.$/m);
    expect((await json('verify')).document).toMatchObject({ ok: true, checked: 2 });
    await ok(...forget, '--yes');
    // As the command itself.
    expect((await json(...forget, '--dry-run')).exitCode).toBe((await json(...forget, '--yes')).exitCode);
  });

  it('fails where forgetting would be refused', async () => {
    workspace.write(model, safetensors(40_000));
    workspace.commit('in Git alone');
    const refused = { exitCode: 3, document: { error: { code: 'refused' } } };
    expect(await json('forget', `${model}@HEAD`, '--dry-run')).toMatchObject(refused);
  });
});

describe('verify', () => {
  it('brings back what the file still has', async () => {
    const id = await record();
    await record();
    const current = await record();
    expect((await json('verify', '--sample', '2')).document).toMatchObject({ ok: true, checked: 2 });
    damageContent(store(), current);
    expect((await modeltrail(['verify'])).exitCode).toBe(1);
    expect((await json('verify', '--repair')).document).toMatchObject({ ok: true, repaired: 1 });
    damageContent(store(), id);
    expect(await json('verify', '--repair')).toMatchObject({
      exitCode: 1,
      document: { ok: false, repaired: 0, problems: [{ path: model }] },
    });
  });
});

describe('store', () => {
  it('says where it is, and moves', async () => {
    await record();
    expect(await ok('store', 'path')).toBe(`${store()}\n`);
    const { stdout } = await modeltrail(['store', 'move', '../elsewhere'], { directory: 'models' });
    const folder = path.join(workspace.folder, 'elsewhere');
    expect(stdout).toContain(`The store is in ${folder} now.`);
    expect(await json('store', 'path')).toMatchObject({ exitCode: 0, document: { folder } });
    expect(existsSync(path.join(store(), 'packs'))).toBe(false);
    expect((await json('verify')).document).toMatchObject({ ok: true, checked: 1 });
    renameSync(folder, `${folder}.away`);
    expect(await json('verify')).toMatchObject({
      exitCode: 1,
      document: { ok: false, checked: 0, problems: [{ path: folder }] },
    });
    expect(await json('du')).toMatchObject({ exitCode: 3, document: { error: { code: 'io' } } });
    expect((await json('store', 'paint')).exitCode).toBe(2);
    expect((await json('store', 'move')).exitCode).toBe(2);
  });
});
