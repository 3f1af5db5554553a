// What VS Code calls to run the suite: `run()`, inside its extension host.
import { writeFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { EditorResult } from '../harness/editorResult.ts';

export async function run(): Promise<void> {
  await folderOpened();
  const { default: Mocha } = await import('mocha');
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 90_000 });
  // Makes describe(), it() and the hooks global; so the suites are loaded after it.
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  await import('./smoke.test.ts');
  await import('./commands.test.ts');
  await import('./models.test.ts');
  await import('./filter.test.ts');
  await import('./checked.test.ts');
  await import('./recording.test.ts');
  await import('./progress.test.ts');
  await import('./lostEntries.test.ts');
  await import('./diff.test.ts');
  await import('./inspect.test.ts');
  await import('./rollBack.test.ts');
  await import('./refresh.test.ts');
  await import('./followRename.test.ts');
  await import('./gitPath.test.ts');
  await import('./space.test.ts');
  await import('./workspaces.test.ts');
  await import('./series.test.ts');

  const failures: { title: string; message: string }[] = [];
  const passed = await new Promise<number>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats?.passes ?? 0));
    runner.on('fail', (test: Mocha.Runnable, error: Error) => {
      failures.push({ title: test.fullTitle(), message: error.stack ?? String(error) });
    });
  });
  const result: EditorResult = { passed, failures };
  const file = process.env['MODELTRAIL_EDITOR_RESULT'];
  if (file !== undefined) await writeFile(file, JSON.stringify(result));
  if (failures.length > 0) throw new Error(`${failures.length} tests failed`);
}

/** In a served editor the file that names the workspace's folders may be read only after the extension host has started. */
async function folderOpened(): Promise<void> {
  if (vscode.workspace.workspaceFolders?.length) return;
  await new Promise<void>((resolve) => {
    const listener = vscode.workspace.onDidChangeWorkspaceFolders(() => {
      listener.dispose();
      resolve();
    });
  });
}
