import { afterEach, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { itemOf } from '../../src/editor/modelItems.ts';
import type { ModelNode } from '../../src/editor/nodes.ts';
import { modelTooltip } from '../../src/editor/tooltips.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

const [committed, recorded] = ['models/committed.safetensors', 'models/recorded.safetensors'];
let workspace: Workspace;
afterEach(() => workspace.remove());

/** What the rows say in a workspace that is not trusted. */
async function restricted(options: { git: boolean }) {
  workspace = makeWorkspace(options);
  for (const name of [committed, recorded]) workspace.write(name, safetensors());
  if (options.git) workspace.commit('One');
  await withTrail(workspace.folder, async (trail) => {
    await trail.record({ model: recorded, metrics: { f1: 0.8 } }, unattended);
    workspace.write(recorded, safetensors());
    await trail.record({ model: recorded, metrics: { f1: 0.9 } }, unattended);
  });
  const settings = { ...defaultSettings, trusted: false };
  const rows = await withTrail(workspace.folder, (trail) => trail.models(), settings);
  return (model: string) => {
    const row = rows.find(({ path }) => path === model);
    const trail = { root: workspace.folder };
    const node = { kind: 'model', trail, path: model, shownPath: model, row } as unknown as ModelNode;
    const { description, accessibilityInformation } = itemOf(node);
    const tooltip = modelTooltip(node).value.replaceAll('\\', '');
    return { description, name: accessibilityInformation?.label, tooltip };
  };
}

it('a model in a Git repository is not called unrecorded, nor compared with a version that may not be the last: its history does not show', async () => {
  const row = await restricted({ git: true });
  expect(row(committed).description).toBe('history not shown · models');
  expect(row(committed).name).toBe(`Model ${committed}, history not shown`);
  expect(row(committed).tooltip).toContain('| Recorded versions | 0 |');
  expect(row(recorded).name).toBe(`Model ${recorded}, 2 recorded versions, latest f1 0.9`);
});

it('without a repository there is no history that does not show', async () => {
  const row = await restricted({ git: false });
  expect(row(committed).description).toBe('not recorded · models');
  expect(row(committed).name).toBe(`Model ${committed}, no versions, not recorded`);
  expect(row(committed).tooltip).toContain('| Versions | 0 |');
  expect(row(recorded).name).toBe(`Model ${recorded}, 2 versions, latest f1 0.9, better than before`);
});
