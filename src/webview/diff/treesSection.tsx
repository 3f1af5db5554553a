import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { ImportanceChange, TreesDiff } from '../../diff/structureDiff.ts';
import { FilterBox } from '../filterBox.tsx';
import { countText, shareText } from '../format.ts';
import { FilteredGrid } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import type { Sort, TableState } from '../schemas.ts';
import { inNumbers, largest, matcherOf } from '../tables.ts';
import { type Change, Changes } from './changes.tsx';
import type { SectionProps } from './sections.tsx';

const byChange: Sort = { column: 'change', descending: true };

/** What became of an ensemble of trees, and of what it goes by. */
export function TreesSection({ trees, state, update }: SectionProps & { readonly trees: TreesDiff }) {
  const { filter = '', sort = byChange, selected } = state.trees ?? {};
  const set = (change: TableState): void => update({ trees: { ...state.trees, ...change } });
  const hasGain = trees.importance.some(({ a, b }) => a?.gain !== undefined || b?.gain !== undefined);
  const measure = hasGain ? 'gain' : 'splits';
  const rows = useMemo(() => {
    const matches = matcherOf(filter);
    return trees.importance
      .filter(({ feature }) => matches?.(feature) ?? true)
      .sort(comparison(sort, measure));
  }, [trees, filter, sort, measure]);
  const most = largest(trees.importance.map((change) => Math.abs(shiftOf(change, measure))));
  const figures = <Figures trees={trees} />;
  if (trees.importance.length === 0)
    return (
      <div class="scroll" tabIndex={0}>
        {figures}
      </div>
    );
  const share = (value: number | undefined): string => (value === undefined ? '–' : shareText(value));
  const columns: readonly GridColumn<ImportanceChange>[] = [
    {
      id: 'name',
      label: l10n.t('Feature'),
      width: 'minmax(0, 1fr)',
      sortable: true,
      cell: ({ feature }) => (
        <span class="label" title={feature}>
          {feature}
        </span>
      ),
    },
    {
      id: 'before',
      label: hasGain ? l10n.t('Gain before') : l10n.t('Splits before'),
      width: '96px',
      from: 420,
      numeric: true,
      sortable: true,
      cell: ({ a }) => share(a?.[measure]),
    },
    {
      id: 'after',
      label: hasGain ? l10n.t('Gain after') : l10n.t('Splits after'),
      width: '96px',
      from: 420,
      numeric: true,
      sortable: true,
      cell: ({ b }) => share(b?.[measure]),
    },
    {
      id: 'change',
      label: l10n.t('Change'),
      width: '150px',
      numeric: true,
      sortable: true,
      cell: (change) => <Shift by={shiftOf(change, measure)} most={most} />,
    },
  ];
  return (
    <div class="split with-detail">
      <div class="table-side">
        <div class="table-head">
          <FilterBox label={l10n.t('Filter by name')} value={filter} set={(filter) => set({ filter })} />
          <span class="muted">{l10n.t('Importance of the features, as shares of the whole')}</span>
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Importance of the features')}
          columns={columns}
          rows={rows}
          selected={selected}
          sort={sort}
          keyOf={({ feature }) => feature}
          select={({ feature }) => set({ selected: feature })}
          setSort={(sort) => set({ sort })}
        />
      </div>
      <aside class="detail" aria-label={l10n.t('Trees')} tabIndex={0}>
        {figures}
      </aside>
    </div>
  );
}

/** To the right what grew, to the left what shrank. */
function Shift({ by, most }: { by: number; most: number }) {
  const width = `${most > 0 ? (Math.abs(by) / most) * 100 : 0}%`;
  const text = `${by > 0 ? '+' : by < 0 ? '−' : ''}${shareText(Math.abs(by))}`;
  return (
    <span class="share">
      <span class="shift" aria-hidden="true">
        <span class={by < 0 ? 'less' : 'more'} style={{ width }} />
      </span>
      <span class="number">{text}</span>
    </span>
  );
}

function Figures({ trees }: { trees: TreesDiff }) {
  const { a, b, comparedBy, firstDifferent, featuresAdded, featuresRemoved } = trees;
  const names = {
    trees: l10n.t('Trees'),
    leaves: l10n.t('Leaves'),
    depth: l10n.t('Depth'),
    features: l10n.t('Features'),
    classes: l10n.t('Classes'),
    objective: l10n.t('Objective'),
  };
  const figures = (Object.keys(names) as (keyof typeof names)[]).flatMap((figure): Change[] =>
    a[figure] === undefined && b[figure] === undefined
      ? []
      : [{ name: names[figure], a: shown(a[figure]), b: shown(b[figure]) }],
  );
  return (
    <>
      <h2 class="hidden-text">{l10n.t('Trees')}</h2>
      <Changes title={l10n.t('Ensemble')} changes={figures} />
      <p class="first-tree">
        {firstDifferent === undefined
          ? comparedBy === 'content'
            ? l10n.t('All trees are the same on both sides.')
            : l10n.t('All trees have the same size on both sides.')
          : l10n.t('Tree {0} is the first that differs.', countText(firstDifferent))}
      </p>
      <Names title={l10n.t('Features added')} names={featuresAdded} />
      <Names title={l10n.t('Features removed')} names={featuresRemoved} />
    </>
  );
}

function Names({ title, names }: { title: string; names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <section class="block">
      <h3>
        {title} <span class="count">{countText(names.length)}</span>
      </h3>
      <p class="names mono">{names.join(', ')}</p>
    </section>
  );
}

function shown(value: string | number | undefined): string | undefined {
  return typeof value === 'number' ? countText(value) : value;
}

function shiftOf({ a, b }: ImportanceChange, measure: 'gain' | 'splits'): number {
  return (b?.[measure] ?? 0) - (a?.[measure] ?? 0);
}

function comparison({ column, descending }: Sort, measure: 'gain' | 'splits') {
  const order = descending ? -1 : 1;
  const value = (change: ImportanceChange): number => {
    if (column === 'before') return change.a?.[measure] ?? -1;
    if (column === 'after') return change.b?.[measure] ?? -1;
    return Math.abs(shiftOf(change, measure));
  };
  return (x: ImportanceChange, y: ImportanceChange): number => {
    const byName = inNumbers.compare(x.feature, y.feature);
    return column === 'name' ? order * byName : order * (value(x) - value(y)) || byName;
  };
}
