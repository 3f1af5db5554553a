import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { violations } from '../harness/violations.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { baseModel, tunedModel } from './diffModels.ts';
import { diffTests } from './diffPage.ts';
import type { EngineOptions } from './enginePage.ts';

// Where there is no diff to show, or not yet.

vi.mock('vscode', () => import('./fakeVscode.ts'));

const open = diffTests();
let workspace: Workspace;

beforeAll(() => {
  workspace = makeWorkspace();
  workspace.write('llm.safetensors', baseModel());
  workspace.commit('First training run');
  workspace.write('llm.safetensors', tunedModel());
  workspace.commit('Fine-tuned');
  workspace.write(
    'pointer.safetensors',
    `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(64)}\nsize 1234\n`,
  );
});
afterAll(() => workspace?.remove());

const show = (a: string, b: string, options?: EngineOptions) => open(workspace.folder, [a, b], options);
const tuning = ['llm.safetensors@HEAD~1', 'llm.safetensors@HEAD'] as const;

test('a pointer is said to be one, and what to do', async () => {
  const { page, screenshot } = await show('llm.safetensors', 'pointer.safetensors');
  await page.getByRole('heading', { name: 'Working copy is a Git LFS pointer' }).waitFor();
  await screenshot('diff-pointer');
  await page.getByText('git lfs pull').waitFor();
  await expect.poll(() => page.getByRole('tab').count()).toBe(0);
});

test('bytes that are not here, of which there is no text either', async () => {
  const { page, screenshot } = await show(...tuning, {
    api: () => ({
      diffText: async () => {
        throw new TrailError(
          'missingBytes',
          'The bytes of v3 are not here. “git lfs fetch --all” may bring them.',
        );
      },
    }),
  });
  await page.getByRole('alert').getByText('git lfs fetch --all').waitFor();
  await screenshot('diff-missing');
  await expect.poll(() => violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'Try Again' }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'Open as Text Diff' }).count()).toBe(0);
});

test('what cannot be compared can be read as text', async () => {
  const { page, openedAsText } = await show(...tuning, {
    api: () => ({
      diffText: () => Promise.reject(new TrailError('refused', 'Of a kind that is not known.')),
    }),
  });
  await page.getByRole('button', { name: 'Open as Text Diff' }).click();
  await expect.poll(() => openedAsText.length).toBe(1);
});

test('says how far it is, and stops', async () => {
  let attempts = 0;
  const { page, row } = await show(...tuning, {
    api: ({ diffText }) => ({
      diffText: (a, b, operation) => {
        if (++attempts > 1) return diffText(a, b, operation);
        operation.report({ label: 'Comparing', done: 2 ** 30, total: 2 ** 32 });
        return new Promise((_, reject) => {
          operation.signal.addEventListener('abort', () => reject(new TrailError('cancelled', 'Cancelled.')));
        });
      },
    }),
  });
  await page.getByText('Comparing (1 GB of 4 GB)').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('heading', { name: 'Cancelled' }).waitFor();
  await page.getByRole('button', { name: 'Try Again' }).click();
  await row('lora_A').waitFor();
});
