import { renameSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { workspace, write } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const model = 'model.safetensors';
const moved = 'models/best.safetensors';
const { modeltrail, json, ok } = commandLine(() => workspace.folder);

const mv = (from = model, to = moved): void =>
  renameSync(path.join(workspace.folder, from), path.join(workspace.folder, to));

/** Two versions of a model that Git ignores, whose file was moved then. */
beforeEach(async () => {
  workspace.write('.gitignore', '*.safetensors\n');
  workspace.write('models/README.md', 'the best');
  for (const message of ['first', 'second']) {
    write(model, safetensors());
    await ok('record', model, '-m', message);
  }
  await ok('status');
  mv();
});

describe('modeltrail rename', () => {
  it('has a model go on under the path that its file has now, until that is undone', async () => {
    expect(await ok('rename', model, moved)).toBe(
      `${moved} goes on with the history of ${model}, and is v2.\n`,
    );
    expect(await ok('log', moved)).toMatch(/v2.*second\n.*v1.*first/);
    expect((await modeltrail(['log', model])).stderr).toContain(`${model} is called ${moved} now.`);
    expect((await modeltrail(['show', `${model}@v1`])).stderr).toContain(`Name it so: ${moved}@v1`);
    expect(await ok('rename', model, moved)).toContain('already');
    write(moved, safetensors());
    expect(await ok('record', moved)).toContain(`Recorded ${moved} v3.`);
    const { document } = await json('status');
    expect(document['models']).toMatchObject([{ path: moved, versions: 3, working: { movedFrom: null } }]);
    expect(await ok('undo', '--yes')).toContain(`${model} is a model of its own again`);
    expect(await ok('log', model)).toMatch(/v2.*second\n.*v1.*first/);
    expect(await ok('log', moved)).toMatch(/^v3/);
  });

  it('prints what it wrote as JSON, with what the file is', async () => {
    const { change } = (await json('rename', model, moved)).document;
    expect(change).toMatchObject({
      id: expect.any(String) as string,
      kind: 'renamed',
      model,
      to: moved,
      version: expect.any(String) as string,
    });
    expect(await json('rename', model, moved)).toMatchObject({
      document: { change: { id: null }, externalData: [] },
    });
    write(moved, safetensors());
    mv(moved, model);
    expect(await json('rename', moved, model)).toMatchObject({ document: { change: { version: null } } });
    expect(await ok('record', model)).toContain('v3');
  });

  it('is what status and record propose, where a file has what another had that is gone', async () => {
    const command = `modeltrail rename ${model} ${moved}`;
    expect(await ok('status')).toContain(command);
    const { document } = await json('status');
    expect(document['models']).toContainEqual(
      expect.objectContaining({
        path: moved,
        working: expect.objectContaining({ movedFrom: model }) as unknown,
      }),
    );
    expect(await ok('record', moved)).toContain(command);
    expect(await ok('rename', model, moved)).toContain('is v2');
    expect(await ok('status')).not.toContain('modeltrail rename');
  });

  it('takes paths as they are typed where one is', async () => {
    const { stdout } = await modeltrail(['-C', 'models', 'rename', `../${model}`, 'best.safetensors']);
    expect(stdout).toContain(`best.safetensors goes on with the history of ../${model}`);
  });

  it('says what is wrong', async () => {
    expect(await json('rename', moved, model)).toMatchObject({
      exitCode: 3,
      document: { error: { code: 'notFound' } },
    });
    expect((await modeltrail(['rename', model])).exitCode).toBe(2);
  });
});
