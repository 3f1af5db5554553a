import { describe, expect, it, vi } from 'vitest';
import type { ModelNode, SeriesNode } from '../../src/editor/nodes.ts';
import { seriesItem } from '../../src/editor/seriesItem.ts';
import { seriesTooltip } from '../../src/editor/tooltips.ts';
import type { ModelRow } from '../../src/trail/api/models.ts';
import { version } from '../screens/compareVersions.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

const [hour, latest] = [3_600_000, version(1)];
const ago = (hours: number): string => new Date(Date.now() - hours * hour - 1000).toISOString();

/** A series with these models, that with the highest number first. */
function seriesOf(name: string, ...rows: readonly Partial<ModelRow>[]): SeriesNode {
  const models = rows.map((row, index) => {
    const path = `runs/a/${name.replace(/\{.*\}/, String(rows.length - index))}`;
    return { kind: 'model', trail: { root: '/work' }, path, shownPath: path, row: { path, ...row } };
  }) as unknown as readonly ModelNode[];
  return { kind: 'series', key: name, name, models, shown: models };
}

const same = (time: string, known = time): Partial<ModelRow> => ({
  working: { state: 'same', version: latest.id, time, size: 10 },
  versions: 1,
  latest: { ...latest, time: known },
});
const unrecorded = (time: string): Partial<ModelRow> => ({
  working: { state: 'changed', time },
  versions: 0,
});

describe('the row of a series', () => {
  it('says first how many models are in another state than that of a version', () => {
    const changed: Partial<ModelRow> = { ...same(ago(3)), working: { state: 'changed', time: ago(2) } };
    const gone: Partial<ModelRow> = { ...same(ago(5)), working: { state: 'missing' } };
    const node = seriesOf('e{1…4}.pt', unrecorded(ago(4)), changed, gone, same(ago(3)));
    const { label, description, contextValue } = seriesItem(node);
    expect(label).toBe('e{1…4}.pt');
    expect(description).toBe(
      '1 changed · 1 not recorded · 1 missing · 4 models · newest e3, 2h ago · runs/a',
    );
    expect(contextValue).toBe('series changed');
    const tooltip = seriesTooltip(node).value.replaceAll('\\', '');
    expect(tooltip).toContain('| Working copies | 1 changed, 1 not recorded, and 1 missing |');
    expect(tooltip).toContain('| Written last | e3, 2 hours ago |');
  });

  it('calls newest what was written last, though a checkout writes files anew and a version may be recorded later', () => {
    const newest = (...rows: readonly Partial<ModelRow>[]) =>
      /newest (.*) · /.exec(String(seriesItem(seriesOf('e{1…2}.pt', ...rows)).description))?.[1];
    const committed = ago(30);
    expect(newest(same(ago(1), committed), same(ago(0.5), committed))).toBe('e2, 1d ago');
    expect(newest(same(ago(2)), same(ago(4), ago(1)))).toBe('e2, 2h ago');
    expect(newest(unrecorded(ago(9)), unrecorded(ago(8)))).toBe('e1, 8h ago');
  });

  it('leaves room for that where its name is long, and says behind it what its names end in', () => {
    const item = seriesItem(seriesOf('checkpoint_{1…2}.safetensors', same(ago(2)), same(ago(3))));
    expect(item.label).toBe('checkpoint_{1…2}');
    expect(item.description).toBe('2 models · newest checkpoint_2, 2h ago · runs/a/*.safetensors');
    expect(item.accessibilityInformation?.label).toMatch(
      /^Series runs\/a\/checkpoint_\{1…2\}\.safetensors, 2/,
    );
  });

  it('offers nothing to record where all is recorded, nor to compare where nothing is', () => {
    expect(seriesItem(seriesOf('e{1…1}.pt', same(ago(1)))).contextValue).toBe('series');
    expect(seriesItem(seriesOf('e{1…1}.pt', unrecorded(ago(1)))).contextValue).toBe(
      'series changed unrecorded',
    );
  });

  it('calls nothing unrecorded where history does not show', () => {
    const hidden = { ...unrecorded(ago(1)), historyHidden: 'untrusted' } as const;
    const { description } = seriesItem(seriesOf('e{1…2}.pt', hidden, hidden));
    expect(description).toBe('2 models · newest e2, 1h ago · runs/a');
  });
});
