import { useMemo } from 'preact/hooks';
import { Detail } from '../detail.tsx';
import { Grid, type GridColumn } from '../grid.tsx';
import { fill } from '../l10n.ts';
import { FilterBox } from '../filterBox.tsx';
import { countText } from '../format.ts';
import type { Sort, TableState } from '../schemas.ts';
import { inNumbers, matcherOf } from '../tables.ts';
import { usePage } from './page.ts';
import type { ModelRecord } from './record.ts';
import type { SectionProps } from './sections.tsx';
import { TableTools } from './tableTools.tsx';

interface SettingRow {
  /** Hyper-parameters and metadata may have the same names. */
  readonly key: string;
  readonly kind: string;
  readonly name: string;
  readonly value: string;
}

/** Hyper-parameters and metadata in one table that can be searched; the value of the chosen row in full below it. */
export function SettingsSection({ model, state, update }: SectionProps) {
  const { strings, copy } = usePage();
  const { filter = '', sort, selected } = state.settings ?? {};
  const set = (change: TableState): void => update({ settings: { ...state.settings, ...change } });
  const all = useMemo(() => settingsOf(model.record, strings), [model.record, strings]);
  const rows = useMemo(() => sorted(matching(all, filter), sort), [all, filter, sort]);
  const chosen = all.find(({ key }) => key === selected);
  const kinds = new Set(all.map(({ kind }) => kind));
  const columns: readonly GridColumn<SettingRow>[] = [
    {
      id: 'name',
      label: strings.setting,
      width: 'minmax(0, 2fr)',
      sortable: true,
      cell: ({ name }) => (
        <span class="label" title={name}>
          {name}
        </span>
      ),
    },
    {
      id: 'value',
      label: strings.value,
      width: 'minmax(0, 3fr)',
      sortable: true,
      cell: ({ value }) => (
        <span class="label value" title={value.slice(0, 500)}>
          {value.slice(0, 500)}
        </span>
      ),
    },
    ...(kinds.size > 1
      ? [{ id: 'kind', label: strings.kind, width: '130px', from: 480, sortable: true, cell: kindOf }]
      : []),
  ];
  return (
    <div class={chosen ? 'split with-detail' : 'split'}>
      <div class="table-side">
        <div class="table-head">
          <FilterBox label={strings.filterSettings} value={filter} set={(filter) => set({ filter })} />
          <span class="muted shown-count" role="status">
            {rows.length < all.length && fill(strings.shownOf, countText(rows.length), countText(all.length))}
          </span>
          <TableTools
            table={() => ({
              columns: ['name', 'value', 'kind'],
              rows: rows.map(({ name, value, kind }) => [name, value, kind]),
            })}
          />
        </div>
        {rows.length === 0 ? (
          <p class="muted nothing">{fill(strings.nothingMatches, filter)}</p>
        ) : (
          <Grid
            label={strings.settings}
            columns={columns}
            rows={rows}
            selected={selected}
            sort={sort}
            sortWords={{ up: strings.sortedUp, down: strings.sortedDown }}
            keyOf={({ key }) => key}
            select={({ key }) => set({ selected: key })}
            setSort={(sort) => set({ sort })}
            copy={({ value }) => copy(value)}
          />
        )}
      </div>
      {chosen && (
        <Detail
          name={chosen.name}
          copy={{ label: strings.copyValue, act: () => copy(chosen.value) }}
          close={{ label: strings.close, act: () => set({ selected: undefined }) }}
        >
          <pre class="whole-value" tabIndex={0}>
            {pretty(chosen.value)}
          </pre>
        </Detail>
      )}
    </div>
  );
}

function kindOf({ kind }: SettingRow) {
  return <span class="muted label">{kind}</span>;
}

function settingsOf(
  { hyperparameters, metadata }: ModelRecord,
  strings: { readonly hyperparameters: string; readonly metadata: string },
): SettingRow[] {
  return [
    ...Object.entries(hyperparameters).map(([name, value]) => ({
      key: `h ${name}`,
      kind: strings.hyperparameters,
      name,
      value: String(value),
    })),
    ...Object.entries(metadata).map(([name, value]) => ({
      key: `m ${name}`,
      kind: strings.metadata,
      name,
      value,
    })),
  ];
}

function matching(rows: readonly SettingRow[], filter: string): readonly SettingRow[] {
  const matches = matcherOf(filter);
  return matches ? rows.filter(({ name, value }) => matches(`${name} ${value}`)) : rows;
}

function sorted(rows: readonly SettingRow[], sort: Sort | undefined): readonly SettingRow[] {
  if (!sort) return rows;
  const order = sort.descending ? -1 : 1;
  const of = (row: SettingRow): string =>
    sort.column === 'value' ? row.value : sort.column === 'kind' ? row.kind : row.name;
  return rows.toSorted((a, b) => order * inNumbers.compare(of(a), of(b)));
}

/** Values are often JSON in one line. */
function pretty(value: string): string {
  if (!/^\s*[{[]/.test(value)) return value;
  try {
    return JSON.stringify(JSON.parse(value), null, 2);
  } catch {
    return value;
  }
}
