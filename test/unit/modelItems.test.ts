import { describe, expect, it, vi } from 'vitest';
import type { Metrics } from '../../src/core/facts.ts';
import type { Version } from '../../src/core/versions.ts';
import { itemOf } from '../../src/editor/modelItems.ts';
import type { ModelNode, VersionNode } from '../../src/editor/nodes.ts';
import { versionTooltip } from '../../src/editor/tooltips.ts';
import type { VersionTarget } from '../../src/trail/api/targets.ts';
import { version } from '../screens/compareVersions.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

const [older, newer] = [version(1), version(2)];

/** The row of a version of a model that has two. */
function rowOf(current: Version, previous?: Version): VersionNode {
  const { root, model: path } = newer;
  const known = async ({ model, version: id }: VersionTarget) =>
    model === path && id === older.id ? older : undefined;
  const working = { state: 'missing' } as const;
  const trail = { root, api: { version: known } };
  const parent = { kind: 'model', trail, path, shownPath: path, row: { path, working, versions: 2 } };
  return { kind: 'version', parent, version: current, previous, checked: false } as unknown as VersionNode;
}

async function tooltipOf(node: VersionNode): Promise<string> {
  return (await versionTooltip(node)).value.replaceAll('\\', '');
}

/** What is told of a version after one with other metrics. */
async function told(before: Metrics, after: Metrics) {
  const node = rowOf({ ...newer, metrics: after }, { ...older, metrics: before });
  const { description, accessibilityInformation } = itemOf(node);
  return {
    row: String(description).split(' · ')[0],
    sentence: accessibilityInformation?.label,
    tooltip: await tooltipOf(node),
  };
}

describe('the row of a version', () => {
  it.each([
    ['f1', 0.8, 0.9, 'f1 0.9 ▲', '0.9, better than before'],
    ['f1', 0.9, 0.8, 'f1 0.8 ▼', '0.8, worse than before'],
    ['loss', 0.5, 0.4, 'loss 0.4 ▼', '0.4, better than before'],
    ['loss', 0.4, 0.5, 'loss 0.5 ▲', '0.5, worse than before'],
  ])('has an arrow where %s goes from %d to %d, and says in words if that is good', async (...given) => {
    const [name, before, after, row, words] = given;
    const item = await told({ [name]: before }, { [name]: after });
    expect(item.row).toBe(row);
    expect(item.sentence).toContain(`${name} ${words}`);
    expect(item.tooltip).toContain(`| ${name} | ${words} |`);
  });

  it('has an arrow, too, where nobody knows what is better, and none where nothing moved', async () => {
    expect((await told({ epoch: 9 }, { epoch: 10 })).row).toBe('epoch 10 ▲');
    expect((await told({ loss: 0.5 }, { loss: 0.5 })).row).toBe('loss 0.5');
    expect((await told({}, { loss: 0.5 })).row).toBe('loss 0.5');
  });

  it('says that the bytes are not on this machine, or that they were given up', async () => {
    const row = rowOf({ ...newer, absent: true });
    expect(itemOf(row).description).toMatch(/ · not on this machine$/);
    expect(itemOf(row).accessibilityInformation?.label).toContain('not on this machine');
    expect(await tooltipOf(row)).toContain('| Bytes | Not on this machine |');
    const gone = rowOf({ ...newer, absent: true, forgotten: true });
    expect(itemOf(gone).description).toMatch(/ · bytes given up$/);
    expect(await tooltipOf(gone)).not.toContain('machine');
    expect(itemOf(rowOf(newer)).description).not.toContain('machine');
  });
});

it('the tooltip calls the version that one was made from as the list does', async () => {
  const madeFrom = (parent: string) => tooltipOf(rowOf({ ...newer, provenance: { parent } }));
  expect(await madeFrom(older.id)).toContain('| Made from | v1 |');
  const elsewhere = '4e37dd1'.padEnd(64, '0');
  expect(await madeFrom(elsewhere)).toContain('| Made from | 4e37dd1 |');
});

it('the row of a model says first what is different about it, as the folder may be cut off', () => {
  const row = { path: 'runs/exp1/best.pt', working: { state: 'changed' }, versions: 0 };
  const node = {
    kind: 'model',
    trail: { root: '/work' },
    path: row.path,
    shownPath: row.path,
    row,
  } as unknown;
  expect(itemOf(node as ModelNode).description).toBe('not recorded · runs/exp1');
});
