import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { CommandContext } from '../../src/editor/commands/context.ts';
import { withContent } from '../../src/editor/commands/modelFilters.ts';
import { showModel } from '../../src/editor/commands/showModel.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import { model, open, record, workspace } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

it('shows the newest version that can be read of a model whose file is missing, and offers none of which nothing can', async () => {
  const trail = await open();
  const ids = [await record(trail, safetensors()), await record(trail, safetensors())];
  const opened = { root: workspace.folder, api: trail, models: () => trail.models(), uri: () => 'file' };
  const shown: unknown[] = [];
  const context = {
    trails: { open: async () => [opened] },
    inspect: { show: async (_file: unknown, version: unknown) => void shown.push(version) },
  } as unknown as CommandContext;
  const isOffered = async (): Promise<unknown> => {
    const [row] = await trail.models();
    return row && withContent().isOffered(row, opened as unknown as OpenTrail);
  };

  await showModel(context, { model });
  rmSync(path.join(workspace.folder, model));
  await trail.refresh(unattended);
  await showModel(context, { model });
  expect([shown.splice(0), await isOffered()]).toEqual([[undefined, ids[1]], true]);

  await trail.forget([{ model, version: ids[1] ?? '' }], unattended);
  await showModel(context, { model });
  expect([shown.splice(0), await isOffered()]).toEqual([[ids[0]], true]);

  await trail.forget([{ model, version: ids[0] ?? '' }], unattended);
  expect(await isOffered()).toBe(false);
});
