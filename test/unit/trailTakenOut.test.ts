import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { commandLine } from '../support/commandLine.ts';
import { age, elsewhere, model, open, record, versionsOf, workspace } from '../support/trails.ts';

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

/** Two versions of a model that Git ignores, each recorded in a commit, of which the second is reverted. */
async function recordAndRevert(): Promise<{ readonly id: string; readonly revert: string }> {
  workspace.write('.gitignore', '*.safetensors\n');
  const trail = await open();
  await record(trail);
  workspace.commit('first');
  const id = await record(trail);
  await trail.tag({ model, version: id }, 'best', false);
  workspace.commit('second');
  workspace.git('revert', '--no-edit', 'HEAD');
  return { id, revert: workspace.git('rev-parse', '--short=7', 'HEAD') };
}

describe('entries that a commit took out of the journal', () => {
  it('are told of by verify, which is no failure, and come back with the command that it names', async () => {
    const { revert } = await recordAndRevert();
    const { exitCode, stdout } = await modeltrail(['verify']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`The commit ${revert} took 2 entries about ${model} out of the journal`);
    expect((await json('verify')).document).toMatchObject({ ok: true, takenOut: [{}], problems: [] });
    const [, command = ''] = /git (checkout .*)$/m.exec(stdout) ?? [];
    expect(await ok('log', model)).not.toContain('v2');
    workspace.git(...command.split(' '));
    expect(await ok('log', model)).toMatch(/^v2 .*\(best\)/);
    expect((await json('verify')).document).toMatchObject({ takenOut: [] });
  });

  it('are told of to who asks for their version', async () => {
    const { revert } = await recordAndRevert();
    const { exitCode, stderr } = await modeltrail(['rollback', `${model}@v2`, '--yes']);
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`The commit ${revert} took 2 entries about ${model} out of the journal`);
  });

  it('keep the bytes of their version, whoever else gives them up', async () => {
    const { id } = await recordAndRevert();
    const copy = 'copy.safetensors';
    renameSync(path.join(workspace.folder, model), path.join(workspace.folder, copy));
    const trail = await open();
    await trail.record({ model: copy }, unattended);
    rmSync(path.join(workspace.folder, copy));
    await trail.forget([{ model: copy, version: id }], unattended);
    for (let round = 0; round < 2; round++) {
      age();
      await trail.collectGarbage(unattended);
    }
    workspace.git('revert', '--no-edit', 'HEAD');
    await trail.refresh(unattended);
    expect(await versionsOf(trail)).toMatchObject([{ id, absent: false }, {}]);
    await trail.rollback({ model, version: id }, unattended);
  });

  it('are not those that only another branch has, that come later, or that were put back', async () => {
    await recordAndRevert();
    workspace.git('checkout', '--quiet', 'HEAD~1');
    expect((await json('verify')).document).toMatchObject({ takenOut: [] });
    workspace.git('checkout', '--quiet', '-b', 'other', 'main~2');
    expect((await json('verify')).document).toMatchObject({ takenOut: [] });
    workspace.git('checkout', '--quiet', 'main');
    expect((await json('verify')).document).toMatchObject({ takenOut: [{}] });
    workspace.git('revert', '--no-edit', 'HEAD');
    expect((await json('verify')).document).toMatchObject({ takenOut: [] });
  });

  it('are found in a clone and in a folder of the repository', async () => {
    workspace.write('ml/.modeltrail/config.yaml', '');
    workspace.write('ml/.gitignore', '*.safetensors\n');
    const trail = await open({ folder: path.join(workspace.folder, 'ml') });
    const file = `ml/${model}`;
    workspace.write(file, 'a model');
    await trail.record({ model }, unattended);
    workspace.commit('first');
    workspace.git('rm', '-r', '--quiet', 'ml/.modeltrail/journal');
    workspace.commit('removed');
    const clone = path.join(elsewhere.folder, 'clone');
    workspace.git('clone', '--quiet', workspace.folder, clone);
    const there = commandLine(() => path.join(clone, 'ml'));
    expect(await there.ok('verify')).toContain('git checkout');
    const [, command = ''] = /git (checkout .*)$/m.exec(await there.ok('verify')) ?? [];
    expect(command).toMatch(/~ -- :\/ml\/\.modeltrail\/journal$/);
  });
});
