import { describe, expect, it, vi } from 'vitest';
import type { Metrics } from '../../src/core/facts.ts';
import { itemOf } from '../../src/editor/modelItems.ts';
import type { VersionNode } from '../../src/editor/nodes.ts';
import { versionTooltip } from '../../src/editor/tooltips.ts';
import { version } from '../screens/compareVersions.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

/** What is told of a version after one with other metrics. */
function told(before: Metrics, after: Metrics) {
  const [previous, current] = [version(1, { metrics: before }), version(2, { metrics: after })];
  const { root, model: path } = current;
  const working = { state: 'missing' } as const;
  const parent = {
    kind: 'model',
    trail: { root },
    path,
    shownPath: path,
    row: { path, working, versions: 2 },
  };
  const node = { kind: 'version', parent, version: current, previous, checked: false } as unknown;
  const { description, accessibilityInformation } = itemOf(node as VersionNode);
  return {
    row: String(description).split(' · ')[0],
    sentence: accessibilityInformation?.label,
    tooltip: versionTooltip(node as VersionNode).value.replaceAll('\\', ''),
  };
}

describe('the row of a version', () => {
  it.each([
    ['f1', 0.8, 0.9, 'f1 0.9 ▲', '0.9, better than before'],
    ['f1', 0.9, 0.8, 'f1 0.8 ▼', '0.8, worse than before'],
    ['loss', 0.5, 0.4, 'loss 0.4 ▼', '0.4, better than before'],
    ['loss', 0.4, 0.5, 'loss 0.5 ▲', '0.5, worse than before'],
  ])('has an arrow where %s goes from %d to %d, and says in words if that is good', (...given) => {
    const [name, before, after, row, words] = given;
    const item = told({ [name]: before }, { [name]: after });
    expect(item.row).toBe(row);
    expect(item.sentence).toContain(`${name} ${words}`);
    expect(item.tooltip).toContain(`| ${name} | ${words} |`);
  });

  it('has an arrow, too, where nobody knows what is better, and none where nothing moved', () => {
    expect(told({ epoch: 9 }, { epoch: 10 }).row).toBe('epoch 10 ▲');
    expect(told({ loss: 0.5 }, { loss: 0.5 }).row).toBe('loss 0.5');
    expect(told({}, { loss: 0.5 }).row).toBe('loss 0.5');
  });
});
