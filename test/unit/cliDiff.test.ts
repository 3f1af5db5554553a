import { copyFileSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const fixtures = path.resolve('test/fixtures');
let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace();
});
afterEach(() => workspace.remove());

/** Puts a fixture in the workspace, as finished some time ago. */
function put(fixture: string, name: string): void {
  const file = path.join(workspace.folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  copyFileSync(path.join(fixtures, fixture), file);
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(file, earlier, earlier);
}

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

describe('modeltrail diff', () => {
  it('says what changed between two commits', async () => {
    put('diff/base.safetensors', 'net.safetensors');
    workspace.commit('base');
    put('diff/tuned.safetensors', 'net.safetensors');
    workspace.commit('tuned');
    const text = await ok('diff', 'HEAD~1', 'HEAD');
    expect(text).toMatch(/^Different architecture; 7 of 12 tensors changed/m);
    expect(text).toMatch(/^! layers\.1\.bias has more NaN than before\.$/m);
    expect(text).toMatch(/^ {2}~ +layers\.1\.weight +F32\[24, 32\] → BF16\[24, 32\] +0\.00/m);
    expect(text).toMatch(/^ {2}= +old\.projection → new\.projection/m);
    expect(text).toMatch(/^ {2}epoch +1 +2$/m);
    expect(text).not.toContain('layers.0.bias');
  });

  it('of one alone compares a file with the newest version, and a version with the file', async () => {
    put('diff/base.safetensors', 'net.safetensors');
    const none = await json('diff', 'net.safetensors');
    expect(none).toMatchObject({ exitCode: 2, document: { error: { code: 'usage' } } });
    await ok('record', 'net.safetensors');
    expect((await json('diff', 'net.safetensors')).document).toMatchObject({ identical: true });
    put('diff/tuned.safetensors', 'net.safetensors');
    for (const reference of ['net.safetensors', 'v1']) {
      expect((await json('diff', reference)).document).toMatchObject({
        a: { name: 'v1', onDisk: false },
        b: { model: 'net.safetensors', name: null, onDisk: true },
        identical: false,
      });
    }
  });

  it('--stat has the verdict and a line for each module', async () => {
    put('diff/base.safetensors', 'a.safetensors');
    put('diff/tuned.safetensors', 'b.safetensors');
    const text = await ok('diff', 'a.safetensors', 'b.safetensors', '--stat');
    expect(text).toMatch(/^ {2}layers\.0 +1\/2 +0\.00101\d +█+$/m);
    expect(text).not.toContain('layers.0.weight');
  });

  it('--markdown makes tables in which no name can do harm', async () => {
    put('diff/base.safetensors', 'a.safetensors');
    put('diff/tuned.safetensors', 'b|c.safetensors');
    const text = await ok('diff', 'a.safetensors', 'b|c.safetensors', '--markdown');
    expect(text).toMatch(/^### ` a\.safetensors ` → ` b\|c\.safetensors `$/m);
    expect(text).toMatch(/^\| \\~ \| layers\.1\.weight \| F32\\\[24, 32\\\] → BF16\\\[24, 32\\\] \|/m);
    expect(text).toMatch(/^- \*\*layers\.1\.bias has more NaN than before\.\*\*$/m);
  });

  it('says what two models with the same content score', async () => {
    put('diff/base.safetensors', 'a.safetensors');
    put('diff/base.safetensors', 'b.safetensors');
    await ok('record', 'a.safetensors', '--metric', 'f1=0.8');
    await ok('record', 'b.safetensors', '--metric', 'f1=0.9');
    const text = await ok('diff', 'a.safetensors@v1', 'b.safetensors@v1');
    expect(text).toMatch(/have the same content\.\n\nMetrics:\n {2}f1 +0\.8 +→ +0\.9 +\+0\.1/);
    expect(await ok('diff', 'a.safetensors@v1', 'a.safetensors@v1')).not.toContain('f1');
  });

  it('compares no folder of several models: their tensors have the same names', async () => {
    put('diff/base.safetensors', 'runs/a.safetensors');
    put('diff/tuned.safetensors', 'runs/b.safetensors');
    const { exitCode, stderr } = await modeltrail(['diff', 'runs', 'runs/a.safetensors']);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('runs is a folder that is no model')]);
  });

  it('compares files that are no models of the trail, across formats and outside of it', async () => {
    const outside = path.join(fixtures, 'diff/base.pt');
    put('diff/base.safetensors', 'base.dat');
    const { exitCode, document } = await json('diff', outside, 'base.dat', '--exit-code');
    expect({ exitCode, document }).toMatchObject({
      exitCode: 1,
      document: {
        a: { model: null, onDisk: true, size: readFileSync(outside).length },
        diff: { verdict: { architecture: 'same', changedTensors: 0 }, tensors: { prefix: { a: 'module.' } } },
      },
    });
    put('diff/base.pt', 'copy.dat');
    expect(await json('diff', outside, 'copy.dat', '--exit-code')).toMatchObject({
      exitCode: 0,
      document: { identical: true },
    });
  });

  it('shows the lines of models that are texts, and what they mean', async () => {
    put('readers/lightgbm-binary.lgb', 'a.lgb');
    put('readers/lightgbm-stumps.lgb', 'b.lgb');
    const { document } = await json('diff', 'a.lgb', 'b.lgb');
    expect(document['lines']).toContainEqual(expect.stringMatching(/^-num_leaves=/));
    expect(document).toMatchObject({ diff: { a: { format: 'lightgbm' }, trees: { firstDifferent: 0 } } });
    expect(await ok('diff', 'a.lgb', 'b.lgb')).toMatch(/^Importance of features$/m);
  });

  it('shows the importance of features, whatever these are called', async () => {
    put('readers/xgboost-binary.ubj', 'a.ubj');
    put('readers/xgboost-stumps.ubj', 'b.ubj');
    const text = await ok('diff', 'a.ubj', 'b.ubj');
    expect(text).toMatch(/^ {2}Feature +Splits before +Splits after +Gain before +Gain after$/m);
    expect(text).toMatch(/^ {2}pixel 3×3 +10\.1 % +– +11\.3 %/m);
    expect(text).toMatch(/^ {2}__proto__ /m);
  });

  it('says what is missing where it cannot compare', async () => {
    put('diff/base.safetensors', 'a.safetensors');
    workspace.write(
      'cut.safetensors',
      readFileSync(path.join(fixtures, 'diff/tuned.safetensors')).subarray(0, 5000),
    );
    const { document } = await json('diff', 'a.safetensors', 'cut.safetensors');
    expect(document).toMatchObject({ diff: { complete: false, b: { complete: false } } });
    expect(await ok('diff', 'a.safetensors', 'cut.safetensors')).toMatch(
      /^The second file could not be read as a whole/m,
    );
    const missing = await modeltrail(['diff', 'a.safetensors', 'nowhere.safetensors']);
    expect(missing).toMatchObject({ exitCode: 3, stdout: '' });
  });
});
