import assert from 'node:assert/strict';
import { rm, readFile, writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { runLong } from '../../src/editor/longOperation.ts';
import { answering, fileUri, model, run, until, versionRows } from './support.ts';

describe('What takes long', () => {
  it('says what it does only once where that is its title too', async () => {
    const window = vscode.window as unknown as { withProgress: unknown };
    const before = window.withProgress;
    const shown: unknown[] = [];
    window.withProgress = (
      { title }: { readonly title: string },
      work: (bar: unknown, token: unknown) => Promise<void>,
    ) =>
      work(
        { report: ({ message }: { readonly message: string }) => shown.push(`${title}: ${message}`) },
        { onCancellationRequested() {} },
      );
    try {
      await runLong(
        'Recording big.safetensors',
        async ({ report }) => {
          // Once it is shown.
          await Promise.resolve();
          report({ label: 'Recording big.safetensors', done: 256 * 2 ** 20, total: 2 ** 30 });
          report({ label: 'Looking', done: 256 * 2 ** 20, total: 2 ** 30 });
        },
        'now',
      );
    } finally {
      window.withProgress = before;
    }
    assert.deepEqual(shown, [
      'Recording big.safetensors: 256 MB of 1 GB',
      'Recording big.safetensors: Looking (256 MB of 1 GB)',
    ]);
  });

  it('is tried again at a click, with the same message, where a model could not be recorded', async () => {
    const file = fileUri(model).fsPath;
    const content = await readFile(file);
    const window = vscode.window as unknown as { showErrorMessage: unknown };
    const errors: string[] = [];
    await answering({ inputs: ['Once more'] }, async () => {
      window.showErrorMessage = async (message: string, ...buttons: { readonly title: string }[]) => {
        errors.push(message);
        await writeFile(file, content);
        return buttons.find(({ title }) => title === 'Try Again');
      };
      await rm(file);
      await run('recordVersion', { model });
      await until(
        async () => (await versionRows()).some(({ node }) => node.version.message === 'Once more'),
        'what was recorded at the second time',
      );
    });
    assert.equal(errors.length, 1);
  });
});
