import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { unattended } from '../../src/core/operation.ts';
import { violations } from '../harness/violations.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { float32File, languageModel, safetensorsFile } from './inspectModels.ts';
import { type InspectOptions, inspectTests } from './inspectPage.ts';

vi.mock('vscode', () => import('./fakeVscode.ts'));

const fixtures = path.join(import.meta.dirname, '../fixtures');
const open = inspectTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace({ git: false });
});
afterAll(() => workspace?.remove());

const show = (model: string, options?: InspectOptions) => open({ folder: workspace.folder, model }, options);
function fixture(name: string) {
  copyFileSync(path.join(fixtures, name), path.join(workspace.folder, path.basename(name)));
  return show(path.basename(name));
}
const file = (name: string): string => path.join(workspace.folder, name);

describe('a graph', () => {
  test('is gone through from node to node', async () => {
    const { page, tab, row } = await fixture('readers/digits.tflite');
    await tab('Graph').click();
    await row(/^RESHAPE/).click();
    const detail = page.getByRole('complementary');
    await detail.getByRole('button', { name: 'from PACK' }).click();
    await expect.poll(() => detail.getByRole('heading', { level: 2 }).innerText()).toMatch(/^PACK/);
    await detail.getByRole('button', { name: 'to RESHAPE' }).click();
    await expect.poll(() => detail.getByRole('heading', { level: 2 }).innerText()).toMatch(/^RESHAPE/);
    await expect.poll(() => page.getByRole('row', { selected: true }).innerText()).toContain('RESHAPE');
    await page.getByRole('button', { name: 'Drawing' }).click();
    await page.getByRole('application', { name: /^Drawing of 8 nodes/ }).focus();
    await page.keyboard.press('ArrowDown');
    await expect
      .poll(() => detail.getByRole('heading', { level: 2 }).innerText())
      .toMatch(/^FULLY_CONNECTED/);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await expect
      .poll(() => detail.getByRole('heading', { level: 2 }).innerText())
      .toMatch(/^(MAX_POOL_2D|PACK)/);
  });

  test('says what goes in and out, and is filtered by its operators', async () => {
    const { page, tab, row } = await fixture('formats/mlp.onnx');
    await tab('Graph').click();
    const overview = page.getByRole('complementary');
    await expect
      .poll(() => overview.innerText())
      .toMatch(/input\s+F32 n × 64[^]*logits\s+F32 n × 10[^]*ai\.onnx 21/);
    await overview.getByRole('button', { name: 'Gemm' }).click();
    await page.getByText('2 of 3', { exact: true }).waitFor();
    await expect.poll(() => row('Relu').count()).toBe(0);
  });
});

test('the importance of features is what the model says, largest first', async () => {
  const { page } = await fixture('readers/xgboost-classes.json');
  await page.getByRole('grid', { name: 'Importance of the features' }).waitFor();
  const first = page.getByRole('row').nth(1).getByRole('gridcell');
  await expect.poll(() => first.allInnerTexts()).toEqual(['f21', '1,646', '14']);
  await page.getByRole('button', { name: 'Feature' }).click();
  await expect.poll(() => first.first().innerText()).toBe('f0');
});

test('the sizes of trees are read with the arrow keys', async () => {
  const { page } = await fixture('readers/xgboost-classes.json');
  await page.getByRole('application', { name: /^Leaves and depth of 40 trees/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.locator('[aria-live=polite]').innerText()).toMatch(/^Tree 1: \d+ leaves/);
});

test('more features than a call can have arguments are a table like any', async () => {
  copyFileSync(path.join(fixtures, 'readers/xgboost-classes.json'), file('hashed.json'));
  const { page } = await show('hashed.json', {
    api: (own) => ({
      async inspectText(target, operation) {
        const text = await own.inspectText(target, operation);
        const record = JSON.parse(text.json) as { trees: { features: string[] } };
        record.trees.features = Array.from({ length: 300_000 }, (_, feature) => `hash_${feature}`);
        return { ...text, json: JSON.stringify(record) };
      },
    }),
  });
  await page.getByRole('grid', { name: 'Importance of the features' }).waitFor();
  await page.getByRole('searchbox').fill('hash_299999');
  await page.getByRole('row', { name: /^hash_299999/ }).waitFor();
});

test('hyper-parameters are searched by name and value, and copied', async () => {
  const { page, tab, row, copied } = await fixture('formats/pipeline.joblib');
  await tab('Metadata').click();
  await page.getByRole('searchbox').fill('lbfgs');
  await row('logisticregression__solver').click();
  await page.getByRole('button', { name: 'Copy Value' }).click();
  await expect.poll(() => copied).toEqual(['lbfgs']);
  await expect.poll(() => page.getByRole('row').count()).toBe(2);
});

describe('where there is nothing to show', () => {
  test('a model without tensors says so', async () => {
    workspace.write('none.safetensors', safetensorsFile({}));
    const { page, screenshot } = await show('none.safetensors');
    await page.getByRole('heading', { name: 'There is nothing in this model' }).waitFor();
    await screenshot('inspect-empty', false);
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('a damaged file says what is wrong, and what could be read', async () => {
    const whole = languageModel({ layers: 2 });
    workspace.write('torn.safetensors', whole.subarray(0, whole.length - 1000));
    const { page, screenshot } = await show('torn.safetensors');
    await page.getByRole('region', { name: 'What is wrong with this file' }).waitFor();
    await expect.poll(() => page.locator('.findings .icon').count()).toBeGreaterThan(0);
    await page.getByText('it may hold more than is shown').waitFor();
    await screenshot('inspect-damaged', false);
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('a file of which nothing can be read is damaged, not empty', async () => {
    workspace.write('broken.safetensors', '1234567');
    const { page, screenshot } = await show('broken.safetensors');
    await page.getByRole('heading', { name: 'This file is damaged' }).waitFor();
    await page.getByText('Write it again, or copy it from where it is whole.').waitFor();
    await expect.poll(() => page.getByText('it may hold more than is shown').count()).toBe(0);
    await screenshot('inspect-unreadable', false);
    await expect.poll(() => page.getByRole('button', { name: 'Roll Back' }).count()).toBe(0);
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('a damaged file offers the way back to a version, and a damaged version none', async () => {
    const model = 'overwritten.safetensors';
    workspace.write(model, float32File([2], [1, 2]));
    const { page, trail, rolledBack, screenshot } = await show(model);
    await trail.record({ model, message: 'whole' }, unattended);
    workspace.write(model, '');
    await trail.record({ model, message: 'cut off' }, unattended);
    await page.reload();
    await page.getByRole('heading', { name: 'This file is damaged' }).waitFor();
    await screenshot('inspect-broken', false);
    await page.getByRole('button', { name: 'Roll Back to Version…' }).click();
    await expect.poll(() => rolledBack).toEqual([model]);
    await page.getByRole('option', { name: /^v2/ }).click();
    await page.getByRole('heading', { name: 'This version is damaged' }).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Roll Back' }).count()).toBe(0);
  });

  test('a file that is gone says so, and is shown when it comes back', async () => {
    workspace.write('gone.safetensors', float32File([2], [1, 2]));
    const { page, server, row, screenshot } = await show('gone.safetensors');
    await row('w').waitFor();
    const bytes = readFileSync(file('gone.safetensors'));
    rmSync(file('gone.safetensors'));
    server.emit('fileChanged', 1);
    await page.getByRole('alert').waitFor();
    await screenshot('inspect-gone', false);
    writeFileSync(file('gone.safetensors'), bytes);
    server.emit('fileChanged', 2);
    await row('w').waitFor();
  });

  test('a pointer of Git LFS says where its bytes could come from', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 4096\n`;
    workspace.write('pointer.safetensors', pointer);
    const { page } = await show('pointer.safetensors');
    await page.getByRole('heading', { name: 'This is a Git LFS pointer' }).waitFor();
    await expect.poll(() => violations(page)).toEqual([]);
  });

  test('a version whose bytes are not here says so, with a way back', async () => {
    workspace.write('far.safetensors', float32File([2], [1, 2]));
    const { page, screenshot } = await show('far.safetensors', {
      api: () => ({
        inspectText: () =>
          Promise.reject(new TrailError('missingBytes', 'The bytes of v3 are not on this machine.')),
      }),
    });
    await page.getByRole('heading', { name: 'The bytes of this version are not on this machine' }).waitFor();
    await screenshot('inspect-missing-bytes', false);
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('The bytes of v3');
    await expect.poll(() => violations(page)).toEqual([]);
  });
});

test('reading a model can be cancelled, and tried again', async () => {
  workspace.write('slow.safetensors', float32File([2], [1, 2]));
  let slow = true;
  const { page, row } = await show('slow.safetensors', {
    api: (own) => ({
      inspectText(target, operation) {
        if (!slow) return own.inspectText(target, operation);
        operation.report({ label: 'Fetching', done: 1024, total: 4096 });
        return new Promise((_, reject) =>
          operation.signal.addEventListener('abort', () => reject(new TrailError('cancelled', 'Cancelled'))),
        );
      },
    }),
  });
  await page.getByText('Fetching (1 KB of 4 KB)').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  slow = false;
  await page.getByRole('button', { name: 'Try Again' }).click();
  await row('w').waitFor();
});
