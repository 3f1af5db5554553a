import { afterEach, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trails } from '../../src/editor/trails.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { commands } from '../screens/fakeVscode.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));
const { tellContents } = await import('../../src/editor/tellContents.ts');
const execute = vi.spyOn(commands, 'executeCommand');

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

it('tells whether there are models, and whether anything was recorded, once that is known', async () => {
  const workspace = makeWorkspace({ git: false });
  undo.push(() => workspace.remove());
  const api = await openTrail(workspace.folder, defaultSettings);
  undo.push(() => api.close());
  let look = (): void => {};
  const listen = (listener: () => void) => {
    look = listener;
    return { dispose() {} };
  };
  const opened = [{ api, models: () => api.models() }];
  const trails = { opened, onDidOpen: listen, onDidChange: listen } as unknown as Trails;
  const telling = tellContents(trails, undefined as never);
  undo.push(() => telling.dispose());
  const told = (key: string): unknown =>
    execute.mock.calls.findLast(([, name]) => name === `modeltrail.${key}`)?.[2];

  await api.refresh(unattended);
  look();
  await expect.poll(() => [told('hasModels'), told('activity')]).toEqual([false, 'empty']);
  workspace.write('m.safetensors', safetensors());
  await api.refresh(unattended);
  look();
  await expect.poll(() => [told('hasModels'), told('activity')]).toEqual([true, 'empty']);
  await api.record({ model: 'm.safetensors' }, unattended);
  look();
  await expect.poll(() => told('activity')).toBe('some');
});
