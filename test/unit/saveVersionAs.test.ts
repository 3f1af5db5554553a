import { homedir } from 'node:os';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import type { CommandContext } from '../../src/editor/commands/context.ts';
import { saveVersionAs } from '../../src/editor/commands/saveVersionAs.ts';
import { onnxWeights } from '../support/onnxData.ts';
import { data, location, model, twoTrainings } from '../support/onnxTrainings.ts';
import { workspace, write } from '../support/trails.ts';

/** The folder that is open, and where the dialog to save began. */
const shown = vi.hoisted(() => ({ folder: '', places: [] as string[] }));

interface File {
  readonly fsPath: string;
}

vi.mock('vscode', async () => {
  const { join } = await import('node:path');
  const file = (fsPath: string): File => ({ fsPath });
  return {
    ...(await import('../screens/fakeVscode.ts')),
    Uri: Object.assign(function Uri(): void {}, {
      file,
      joinPath: ({ fsPath }: File, ...parts: readonly string[]) => file(join(fsPath, ...parts)),
    }),
    workspace: {
      isTrusted: true,
      getWorkspaceFolder: ({ fsPath }: File) => `${fsPath}/`.startsWith(`${shown.folder}/`) || undefined,
    },
    window: {
      showSaveDialog: async ({ defaultUri }: { defaultUri: File }): Promise<void> =>
        void shown.places.push(defaultUri.fsPath),
    },
  };
});

it('begins to save an ONNX model where nothing is in the way of its weights', async () => {
  const { trail } = await twoTrainings();
  const inWorkspace = (name: string): string => path.join(workspace.folder, name);
  shown.folder = workspace.folder;
  const opened = {
    root: workspace.folder,
    api: trail,
    models: () => trail.models(),
    uri: (name: string) => ({ fsPath: inWorkspace(name) }),
  };
  const context = { trails: { open: async () => [opened] } } as unknown as CommandContext;
  const begins = async (version: string, of = model): Promise<string | undefined> => {
    await saveVersionAs(context, { model: of, version });
    return shown.places.pop();
  };

  expect(await begins('v1', data)).toBe(inWorkspace('models/modelx.onnx.v1.data'));
  expect(await begins('v1')).toBe(inWorkspace('modelx.v1.onnx'));
  write(location, onnxWeights(2));
  expect(await begins('v1')).toBe(path.join(homedir(), 'modelx.v1.onnx'));
  write(data, onnxWeights(0));
  expect(await begins('v1')).toBe(inWorkspace('models/modelx.v1.onnx'));
});
