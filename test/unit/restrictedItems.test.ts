import { afterEach, expect, it, vi } from 'vitest';
import type { LogOutputChannel, Uri } from 'vscode';
import { unattended } from '../../src/core/operation.ts';
import { Decorations } from '../../src/editor/decorations.ts';
import { itemOf } from '../../src/editor/modelItems.ts';
import { summaryOf } from '../../src/editor/modelsSummary.ts';
import type { ModelNode } from '../../src/editor/nodes.ts';
import { modelTooltip } from '../../src/editor/tooltips.ts';
import type { Trails } from '../../src/editor/trails.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { FileDecoration } from '../screens/fakeVscode.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

const [committed, recorded] = ['models/committed.safetensors', 'models/recorded.safetensors'];
let workspace: Workspace;
afterEach(() => workspace.remove());

/** What the rows say in a workspace that is not trusted. */
async function restricted({ git, changed = false }: { git: boolean; changed?: boolean }) {
  workspace = makeWorkspace({ git });
  for (const name of [committed, recorded]) workspace.write(name, safetensors());
  if (git) workspace.commit('One');
  await withTrail(workspace.folder, async (trail) => {
    await trail.record({ model: recorded, metrics: { f1: 0.8 } }, unattended);
    workspace.write(recorded, safetensors());
    await trail.record({ model: recorded, metrics: { f1: 0.9 } }, unattended);
    if (changed) workspace.write(recorded, safetensors(128));
  });
  const settings = { ...defaultSettings, trusted: false };
  const rows = await withTrail(workspace.folder, (trail) => trail.models(), settings);
  return (model: string) => {
    const row = rows.find(({ path }) => path === model);
    const trail = { root: workspace.folder };
    const node = { kind: 'model', trail, path: model, shownPath: model, row } as unknown as ModelNode;
    const { description, accessibilityInformation } = itemOf(node);
    const tooltip = modelTooltip(node).value.replaceAll('\\', '');
    return { node, description, name: accessibilityInformation?.label, tooltip };
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

/** What the badge of the view says, and that of the file in the explorer. */
async function badgesOf(node: ModelNode): Promise<readonly unknown[]> {
  const opened = {
    models: async () => [node.row],
    uri: (file: string) => ({ scheme: 'file', toString: () => file }),
  };
  const trails = { opened: [opened], onDidChange: () => {}, onDidOpen: () => {} } as unknown as Trails;
  const decorations = new Decorations(trails, {} as LogOutputChannel);
  await decorations.update();
  const shown: unknown = decorations.provideFileDecoration(opened.uri(node.path) as Uri);
  const ofFile = shown instanceof FileDecoration ? shown.given[1] : undefined;
  const { badge } = await summaryOf({ opened: [] } as unknown as Trails, [node]);
  return [badge?.tooltip, ofFile];
}

it('a changed model is said to differ from what is known of it, which without trust is what was recorded', async () => {
  const row = await restricted({ git: true, changed: true });
  expect(await badgesOf(row(recorded).node)).toEqual([
    'One model differs from every recorded version',
    'Modeltrail: differs from every recorded version. In Restricted Mode those in Git history are not known.',
  ]);
  workspace.remove();
  const plain = await restricted({ git: false, changed: true });
  expect(await badgesOf(plain(recorded).node)).toEqual([
    'One model differs from every version',
    'Modeltrail: differs from every version',
  ]);
});
