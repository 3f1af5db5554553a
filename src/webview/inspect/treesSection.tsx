import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { FilteredGrid, ShownCount } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import { FilterBox } from '../filterBox.tsx';
import { countText, numberText } from '../format.ts';
import type { Sort, TableState } from '../schemas.ts';
import { inNumbers, largest, matcherOf } from '../tables.ts';
import { usePage } from './page.ts';
import type { Trees } from './record.ts';
import type { SectionProps } from './sections.tsx';
import { TableTools } from './tableTools.tsx';
import { Pair } from './tensorDetail.tsx';
import { TreeChart } from './treeChart.tsx';

interface FeatureRow {
  readonly name: string;
  readonly splits: number;
  readonly gain?: number;
}

/** Which features the trees use and how much that gains, and how large the trees are. */
export function TreesSection({ trees, state, update }: SectionProps & { readonly trees: Trees }) {
  const { copy } = usePage();
  const features = useMemo(() => featuresOf(trees), [trees]);
  const hasGain = features.some(({ gain }) => gain !== undefined);
  const {
    filter = '',
    sort = { column: hasGain ? 'gain' : 'splits', descending: true },
    selected,
  } = state.features ?? {};
  const set = (change: TableState): void => update({ features: { ...state.features, ...change } });
  const rows = useMemo(
    () => sorted(features, filter, sort),
    [features, filter, sort.column, sort.descending],
  );
  const most = useMemo(
    () => ({
      gain: largest(features.map(({ gain = 0 }) => gain)),
      splits: largest(features.map(({ splits }) => splits)),
    }),
    [features],
  );
  const columns: readonly GridColumn<FeatureRow>[] = [
    {
      id: 'name',
      label: l10n.t('Feature'),
      width: 'minmax(80px, 2fr)',
      sortable: true,
      cell: ({ name }) => (
        <span class="label" title={name}>
          {name}
        </span>
      ),
    },
    ...(hasGain
      ? [
          {
            id: 'gain',
            label: l10n.t('Gain'),
            width: 'minmax(90px, 3fr)',
            sortable: true,
            numeric: true,
            cell: ({ gain }: FeatureRow) =>
              gain !== undefined && <Figure value={gain} most={most.gain} text={numberText(gain, 4)} />,
          },
        ]
      : []),
    {
      id: 'splits',
      label: l10n.t('Splits'),
      width: 'minmax(80px, 2fr)',
      from: hasGain ? 360 : 0,
      sortable: true,
      numeric: true,
      cell: ({ splits }) => <Figure value={splits} most={most.splits} text={countText(splits)} />,
    },
  ];
  const sizes = useMemo(
    () => ({
      leaves: trees.trees.map(({ leaves }) => leaves),
      depths: trees.trees.map(({ depth }) => depth),
    }),
    [trees],
  );
  return (
    <div class="split with-detail">
      <div class="table-side">
        <div class="table-head">
          <FilterBox label={l10n.t('Filter by name')} value={filter} set={(filter) => set({ filter })} />
          <ShownCount shown={rows.length} of={features.length} />
          <TableTools
            table={() => ({
              columns: ['feature', 'gain', 'splits'],
              rows: rows.map(({ name, gain, splits }) => [name, gain, splits]),
            })}
          />
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Importance of the features')}
          columns={columns}
          rows={rows}
          selected={selected}
          sort={sort}
          keyOf={({ name }) => name}
          select={({ name }) => set({ selected: name })}
          setSort={(sort) => set({ sort })}
          copy={({ name }) => copy(name)}
        />
      </div>
      <aside class="detail" aria-label={l10n.t('Trees')}>
        <h2 class="hidden-text">{l10n.t('Trees')}</h2>
        <dl class="pairs">
          {trees.objective !== undefined && <Pair name={l10n.t('Objective')} value={trees.objective} />}
          <Pair name={l10n.t('Trees')} value={countText(trees.trees.length)} />
          {trees.classes !== undefined && <Pair name={l10n.t('Classes')} value={countText(trees.classes)} />}
          <Pair name={l10n.t('Depth')} value={rangeText(sizes.depths)} />
          <Pair name={l10n.t('Leaves')} value={rangeText(sizes.leaves)} />
        </dl>
        {trees.trees.length > 1 && <TreeChart sizes={sizes} />}
      </aside>
    </div>
  );
}

function Figure({ value, most, text }: { value: number; most: number; text: string }) {
  return (
    <span class="share">
      <span class="share-bar wide" aria-hidden="true">
        <span style={{ width: `${most > 0 ? (Math.max(0, value) / most) * 100 : 0}%` }} />
      </span>
      <span class="number">{text}</span>
    </span>
  );
}

/** With the features that no tree uses. */
function featuresOf(trees: Trees): FeatureRow[] {
  const used = Object.entries(trees.importance).map(([name, { splits, gain }]) => ({ name, splits, gain }));
  const names = new Set(used.map(({ name }) => name));
  const hasGain = used.some(({ gain }) => gain !== undefined);
  const unused = [...new Set(trees.features)].filter((name) => !names.has(name));
  return [...used, ...unused.map((name) => ({ name, splits: 0, gain: hasGain ? 0 : undefined }))];
}

function sorted(features: readonly FeatureRow[], filter: string, sort: Sort): FeatureRow[] {
  const matches = matcherOf(filter);
  const order = sort.descending ? -1 : 1;
  const byName = (a: FeatureRow, b: FeatureRow): number => inNumbers.compare(a.name, b.name);
  const compare = (a: FeatureRow, b: FeatureRow): number => {
    if (sort.column === 'gain') return order * ((a.gain ?? 0) - (b.gain ?? 0)) || byName(a, b);
    if (sort.column === 'splits') return order * (a.splits - b.splits) || byName(a, b);
    return order * byName(a, b);
  };
  return features.filter(({ name }) => matches?.(name) ?? true).sort(compare);
}

function rangeText(values: readonly number[]): string {
  const [least, most] = values.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  if (values.length === 0) return '–';
  return least === most ? countText(least) : `${countText(least)} – ${countText(most)}`;
}
