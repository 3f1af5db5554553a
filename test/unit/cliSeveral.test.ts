import { describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { train, workspace } from '../support/trails.ts';

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

const [one, two, committed] = ['runs/one.safetensors', 'runs/two.safetensors', 'runs/committed.safetensors'];

function trainAll(): void {
  train(undefined, committed);
  workspace.commit('a model');
  for (const name of [one, two]) train(undefined, name);
}

/** The documents on the lines of an output. */
async function documents(...argv: string[]): Promise<Record<string, unknown>[]> {
  const { stdout } = await modeltrail([...argv, '--json']);
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('modeltrail record of several', () => {
  it('records each, once, with the same message', async () => {
    trainAll();
    const text = await ok('record', one, two, `./${one}`, '-m', 'epoch 1');
    expect(text).toBe(`Recorded ${one} v1.\nRecorded ${two} v1.\n`);
    for (const model of [one, two]) expect(await ok('log', model)).toContain('epoch 1');
    expect(await documents('record', one, two)).toMatchObject([
      { schemaVersion: 1, isNew: false, version: { model: one } },
      { schemaVersion: 1, isNew: false, version: { model: two } },
    ]);
  });

  it('records those of a folder that changed, and not what Git has', async () => {
    trainAll();
    expect(await ok('record', 'runs')).toBe(`Recorded ${one} v1.\nRecorded ${two} v1.\n`);
    expect(await ok('record', '.')).toBe('There is nothing to record: no model here has changed.\n');
    train(undefined, two);
    expect(await ok('record', 'runs', one)).toBe(
      `Recorded ${two} v2.\n${one} v1 was recorded before: this is the same content.\n`,
    );
  });

  it('goes on after one that cannot be recorded, and fails', async () => {
    trainAll();
    workspace.write(
      'runs/pointer.onnx',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 9\n`,
    );
    const { exitCode, stdout, stderr } = await modeltrail(['record', one, 'runs/pointer.onnx', two]);
    expect({ exitCode, stdout }).toEqual({
      exitCode: 3,
      stdout: `Recorded ${one} v1.\nRecorded ${two} v1.\n`,
    });
    expect(stderr).toContain('runs/pointer.onnx is here only as a pointer of Git LFS');
    expect(await documents('record', 'runs/pointer.onnx', one)).toMatchObject([
      { path: 'runs/pointer.onnx', error: { code: 'refused' } },
      { isNew: false },
    ]);
  });

  it('records none where a path is wrong, or metrics are given, which are those of one', async () => {
    trainAll();
    const words = await json('record', one, 'longer', 'warm-up');
    expect(words).toMatchObject({ exitCode: 3, document: { error: { message: 'longer does not exist.' } } });
    const measured = await json('record', one, two, '--metric', 'f1=0.9');
    expect(measured).toMatchObject({ exitCode: 2, document: { error: { code: 'usage' } } });
    workspace.write('empty/README.md', 'nothing');
    expect(await json('record', 'empty')).toMatchObject({
      exitCode: 3,
      document: { error: { code: 'notFound' } },
    });
    expect((await json('log')).document).toMatchObject({ models: [{ model: committed }] });
  });
});

describe('modeltrail log of all', () => {
  it('has the versions of each model below its path, and those alone that a filter lets through', async () => {
    expect(await ok('log')).toContain('`modeltrail record PATH` makes the first');
    trainAll();
    await ok('record', one, '-m', 'longer warm-up', '--metric', 'f1=0.9');
    expect(await ok('log')).toMatch(
      /^runs\/committed\.safetensors\n {2}\w{7} .* a model\n\nruns\/one\.safetensors\n {2}v1 .* longer warm-up {2}f1=0\.9\n$/,
    );
    expect((await json('log')).document).toMatchObject({
      models: [
        { model: committed, versions: [{ sources: ['git'] }] },
        { model: one, versions: [{ name: 'v1' }] },
      ],
    });
    expect((await json('log', '--filter', 'f1>0.8')).document).toMatchObject({ models: [{ model: one }] });
    expect(await ok('log', '--filter', 'f1>0.95')).toBe('No version fits the filter: f1>0.95\n');
  });
});
