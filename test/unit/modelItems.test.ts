import { describe, expect, it, vi } from 'vitest';
import type { Metrics } from '../../src/core/facts.ts';
import type { Version } from '../../src/core/versions.ts';
import { itemOf } from '../../src/editor/modelItems.ts';
import type { ModelNode, VersionNode } from '../../src/editor/nodes.ts';
import { shortened } from '../../src/editor/text.ts';
import { versionTooltip } from '../../src/editor/tooltips.ts';
import type { ModelRow } from '../../src/trail/api/models.ts';
import type { VersionTarget } from '../../src/trail/api/targets.ts';
import { TreeItemCollapsibleState } from '../screens/fakeVscode.ts';
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
  return {
    kind: 'version',
    parent,
    version: current,
    metricsBefore: previous?.metrics,
    checked: false,
  } as unknown as VersionNode;
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
    ['f1', 0.8, 0.9, '0.9 ▲ f1', '0.9, better than before'],
    ['f1', 0.9, 0.8, '0.8 ▼ f1', '0.8, worse than before'],
    ['loss', 0.5, 0.4, '0.4 ▼ loss', '0.4, better than before'],
    ['loss', 0.4, 0.5, '0.5 ▲ loss', '0.5, worse than before'],
  ])('has an arrow where %s goes from %d to %d, and says in words if that is good', async (...given) => {
    const [name, before, after, row, words] = given;
    const item = await told({ [name]: before }, { [name]: after });
    expect(item.row).toBe(row);
    expect(item.sentence).toContain(`${name} ${words}`);
    expect(item.tooltip).toContain(`| ${name} | ${words} |`);
  });

  it('has an arrow, too, where nobody knows what is better, and none where nothing moved', async () => {
    expect((await told({ epoch: 9 }, { epoch: 10 })).row).toBe('10 ▲ epoch');
    expect((await told({ loss: 0.5 }, { loss: 0.5 })).row).toBe('0.5 loss');
    expect((await told({}, { loss: 0.5 })).row).toBe('0.5 loss');
  });

  it('cuts a message that would push the metric out of a narrow view, and reads it out as a whole', async () => {
    const message = 'Longer warm-up, then a cosine schedule';
    const labelOf = (metrics: Metrics, number?: number): unknown =>
      itemOf(rowOf({ ...newer, message, metrics, number })).label;
    expect(labelOf({ f1: 0.9 }, 12)).toBe('v12  Longer warm-up…');
    expect(labelOf({}, 12)).toBe(`v12  ${message}`);
    const row = rowOf({ ...newer, message, metrics: { f1: 0.9 } });
    expect(itemOf(row).accessibilityInformation?.label).toContain(`, ${message}, `);
    expect(await tooltipOf(row)).toContain(message);
  });

  it('has its tags before its name, and a message where its metric can be read beside both', () => {
    const tagged = { ...newer, message: 'Wider', tags: ['1.1.0', 'champion'], number: 2 };
    expect(itemOf(rowOf({ ...tagged, metrics: {} })).label).toBe('[1.1.0, champion] v2  Wider');
    expect(itemOf(rowOf({ ...tagged, metrics: { f1: 0.9 } })).label).toBe('[1.1.0, champion] v2');
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

describe('the row of a model', () => {
  const modelRow = (row: Partial<ModelRow>, startsOpen = false) => {
    const path = 'runs/exp1/best.pt';
    const node = { kind: 'model', trail: { root: '/work' }, path, shownPath: path, row, startsOpen };
    return itemOf(node as unknown as ModelNode);
  };
  const recorded = { working: { state: 'same' }, versions: 4, latest: newer } as const;

  it('says first what is different about it, as the folder may be cut off', () => {
    const unrecorded = modelRow({ working: { state: 'changed' }, versions: 0 });
    expect(unrecorded.description).toBe('not recorded · runs/exp1');
  });

  it('is not called unrecorded before Git was asked', () => {
    const unknown = modelRow({ working: { state: 'changed' }, versions: 0, historyHidden: 'reading' });
    expect(unknown.description).toBe('reading Git history · runs/exp1');
    expect(unknown.accessibilityInformation?.label).toBe('Model runs/exp1/best.pt, reading Git history');
  });

  it('has the metric of the latest version and how many there are', () => {
    const latest = { ...newer, metrics: { val_accuracy: 0.87 } };
    const better = modelRow({ ...recorded, latest, metricsBefore: { val_accuracy: 0.8 } });
    expect(better.description).toBe('0.87 ▲ · 4 versions · runs/exp1');
    expect(better.accessibilityInformation?.label).toBe(
      'Model runs/exp1/best.pt, 4 versions, latest val_accuracy 0.87, better than before',
    );
    expect(modelRow({ ...recorded, latest }).description).toBe('0.87 · 4 versions · runs/exp1');
    const without = modelRow({
      ...recorded,
      working: { state: 'missing' },
      latest: { ...newer, metrics: {} },
    });
    expect(without.description).toBe('missing · 4 versions · runs/exp1');
  });

  it('says how many of its versions a filter leaves', () => {
    const row = { ...recorded, latest: { ...newer, metrics: {} } } as unknown as ModelRow;
    const node = { kind: 'model', trail: { root: '/work' }, path: 'best.pt', shownPath: 'best.pt', row };
    const item = itemOf({ ...node, matching: 3 } as unknown as ModelNode);
    expect(item.description).toBe('3 of 4 versions');
    expect(item.accessibilityInformation?.label).toBe('Model best.pt, 3 of 4 versions');
    expect(itemOf({ ...node, matching: 4 } as unknown as ModelNode).description).toBe('4 versions');
  });

  it('starts expanded where there is no other', () => {
    expect(modelRow(recorded, true).collapsibleState).toBe(TreeItemCollapsibleState.Expanded);
    expect(modelRow(recorded).collapsibleState).toBe(TreeItemCollapsibleState.Collapsed);
  });
});

it.each([
  ['First epochs', 20, 'First epochs'],
  ['Longer warm-up, then cosine', 15, 'Longer warm-up…'],
  ['Longer warm-up, then cosine', 16, 'Longer warm-up…'],
  ['Longer warm-up, then cosine', 13, 'Longer…'],
  ['checkpoint_0001.safetensors', 10, 'checkpoin…'],
  ['Fix leakage of the target', 11, 'Fix leakag…'],
])(
  'of %j there is in %d characters as many whole words as there can be, unless that is little',
  (text, length, expected) => {
    expect(shortened(text, length)).toBe(expected);
  },
);
