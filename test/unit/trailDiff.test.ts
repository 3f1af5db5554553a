import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const model = 'net.safetensors';
const fixture = (name: string): string => path.resolve('test/fixtures/diff', name);

let workspace: Workspace;
let trail: Trail;
beforeEach(async () => {
  workspace = makeWorkspace();
  workspace.write(model, readFileSync(fixture('base.safetensors')));
  trail = await openTrail(workspace.folder, defaultSettings);
  await trail.refresh(unattended);
});
afterEach(async () => {
  await trail.close();
  workspace.remove();
});

const tuned = { file: fixture('tuned.safetensors') };

function kept(): string[] {
  const folder = path.join(workspace.folder, '.git/modeltrail/diffs');
  return readdirSync(folder).map((name) => path.join(folder, name));
}

describe('a diff', () => {
  it('of a recorded version and the working copy reads the store and the disk', async () => {
    const { version } = await trail.record({ model }, unattended);
    copyFileSync(fixture('tuned.safetensors'), path.join(workspace.folder, model));
    const diff = await trail.diff({ model, version: version.id }, { model }, unattended);
    expect(diff).toMatchObject({
      a: { name: model, id: version.id, format: 'safetensors' },
      verdict: { changedTensors: 9 },
      complete: true,
    });
    expect(diff.b.id).toBeUndefined();
  });

  it('is remembered, and found out again when a file changed or the memory is damaged', async () => {
    const first = await trail.diff({ model }, tuned, unattended);
    const [file = ''] = kept();
    const remembered = JSON.parse(readFileSync(file, 'utf8')) as ModelDiff;
    expect(remembered).toEqual(JSON.parse(JSON.stringify(first)));
    writeFileSync(file, JSON.stringify({ ...remembered, notes: ['from memory'] }));
    expect(await trail.diff({ model }, tuned, unattended)).toMatchObject({ notes: ['from memory'] });
    writeFileSync(file, '{"schemaVersion":');
    expect((await trail.diff({ model }, tuned, unattended)).notes).toEqual([]);
    copyFileSync(tuned.file, path.join(workspace.folder, model));
    expect(await trail.diff({ model }, tuned, unattended)).toMatchObject({ identical: true });
    expect(kept()).toHaveLength(2);
  });

  it('reports how far it is in bytes, and stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const seen: { readonly done: number; readonly total: number }[] = [];
    const operation = {
      signal: cancel.signal,
      report(progress: { readonly done: number; readonly total: number }) {
        seen.push(progress);
        cancel.abort();
      },
    };
    await expect(trail.diff({ model }, tuned, operation)).rejects.toMatchObject({ code: 'cancelled' });
    const all: number[] = [];
    await trail.diff({ model }, tuned, {
      ...unattended,
      report: ({ done, total }) => all.push(done / total),
    });
    expect(seen.length).toBeGreaterThan(0);
    expect(all.at(-1)).toBe(1);
  });

  it('in Restricted Mode leaves nothing behind', async () => {
    await trail.close();
    trail = await openTrail(workspace.folder, { ...defaultSettings, trusted: false });
    await trail.refresh(unattended);
    expect((await trail.diff({ model }, tuned, unattended)).verdict.changedTensors).toBe(9);
    expect(readdirSync(workspace.folder).sort()).toEqual(['.git', model]);
    expect(() => kept()).toThrow(/ENOENT/);
  });
});

describe('folders that are one model', () => {
  /** A Hugging Face model with a tokenizer. */
  function put(folder: string, { hidden = 8, lower = true } = {}): void {
    const source = 'test/fixtures/directories/bert';
    for (const name of readdirSync(source))
      workspace.write(`${folder}/${name}`, readFileSync(path.join(source, name)));
    const config = JSON.parse(readFileSync(path.join(source, 'config.json'), 'utf8')) as object;
    workspace.write(`${folder}/config.json`, JSON.stringify({ ...config, hidden_size: hidden }));
    workspace.write(`${folder}/tokenizer_config.json`, JSON.stringify({ casing: { do_lower_case: lower } }));
    if (!lower) workspace.write(`${folder}/special_tokens_map.json`, '{}');
  }

  it('are told by their tensors, hyper-parameters and files with settings', async () => {
    put('bert');
    const { version } = await trail.record({ model: 'bert' }, unattended);
    put('bert', { hidden: 64, lower: false });
    const diff = await trail.diff({ model: 'bert', version: version.id }, { model: 'bert' }, unattended);
    expect(diff).toMatchObject({
      identical: false,
      complete: true,
      verdict: { changedTensors: 0, architecture: 'same' },
      hyperparameters: [{ name: 'hidden_size', a: 8, b: 64 }],
      files: [
        { path: 'special_tokens_map.json', status: 'added' },
        {
          path: 'tokenizer_config.json',
          status: 'changed',
          changes: [{ name: 'casing.do_lower_case', a: true, b: false }],
        },
      ],
    });
    expect(diff.tensors.same).toBeGreaterThan(0);
  });

  it('are told by the values in their YAML, too', async () => {
    const source = 'test/fixtures/directories/churn';
    const textOf = (name: string): string => readFileSync(path.join(source, name), 'utf8');
    for (const name of readdirSync(source)) workspace.write(`churn/${name}`, textOf(name));
    workspace.write('churn/model.pkl', readFileSync(path.join(source, 'model.pkl')));
    workspace.write(
      'churn/MLmodel',
      textOf('MLmodel').replace('python_version: 3.11.7', 'python_version: 3.12.1'),
    );
    workspace.write(
      'churn/conda.yaml',
      `# Made by hand.\n${textOf('conda.yaml').replace('mlflow-env', 'churn')}`,
    );
    workspace.write('churn/python_env.yaml', 'build_dependencies: [*nothing]');
    const diff = await trail.diff({ file: path.resolve(source) }, { model: 'churn' }, unattended);
    expect(diff.files).toEqual([
      {
        path: 'MLmodel',
        status: 'changed',
        changes: [{ name: 'flavors.python_function.python_version', a: '3.11.7', b: '3.12.1' }],
      },
      { path: 'conda.yaml', status: 'changed', changes: [{ name: 'name', a: 'mlflow-env', b: 'churn' }] },
      // Which cannot be read.
      { path: 'python_env.yaml', status: 'changed', changes: [] },
    ]);
  });

  it('need not be in the trail', async () => {
    put('bert');
    const other = { file: path.resolve('test/fixtures/directories/bert') };
    const diff = await trail.diff(other, { model: 'bert' }, unattended);
    expect(diff.files).toEqual([{ path: 'tokenizer_config.json', status: 'added', changes: [] }]);
    expect(diff.tensors).toMatchObject({ changed: 0, added: 0, removed: 0 });
  });
});

describe('one pair of tensors', () => {
  it('is shown over the same bins', async () => {
    const names = { a: 'head.kernel', b: 'head.weight' };
    const { a, b, histogram, difference } = await trail.tensorDifference({ model }, tuned, names, unattended);
    expect(difference?.maxAbsolute).toBeCloseTo(0.25, 6);
    expect(b?.statistics?.mean).toBeCloseTo((a?.statistics?.mean ?? NaN) + 0.25, 6);
    expect(histogram?.from).toBe(a?.statistics?.min);
    expect(histogram?.to).toBe(b?.statistics?.max);
    const total = (counts: readonly number[] = []): number => counts.reduce((sum, count) => sum + count, 0);
    expect([total(histogram?.a), total(histogram?.b)]).toEqual([240, 240]);
  });

  it('may have one side only', async () => {
    const { a, b, histogram } = await trail.tensorDifference(
      { model },
      tuned,
      { b: 'fresh.weight' },
      unattended,
    );
    expect(a).toBeUndefined();
    expect(b?.statistics?.count).toBe(21);
    expect(histogram?.a).toBeUndefined();
    expect(histogram?.b).toHaveLength(64);
  });
});
