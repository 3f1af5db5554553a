import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { Detail } from '../detail.tsx';
import { FilteredGrid, ShownCount } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import { FilterBox } from '../filterBox.tsx';
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
  const { copy } = usePage();
  const { filter = '', sort, selected } = state.settings ?? {};
  const set = (change: TableState): void => update({ settings: { ...state.settings, ...change } });
  const all = useMemo(() => settingsOf(model.record), [model.record]);
  const rows = useMemo(() => sorted(matching(all, filter), sort), [all, filter, sort]);
  const chosen = all.find(({ key }) => key === selected);
  const kinds = new Set(all.map(({ kind }) => kind));
  const columns: readonly GridColumn<SettingRow>[] = [
    {
      id: 'name',
      label: l10n.t('Name'),
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
      label: l10n.t('Value'),
      width: 'minmax(0, 3fr)',
      sortable: true,
      cell: ({ value }) => (
        <span class="label value" title={value.slice(0, 500)}>
          {value.slice(0, 500)}
        </span>
      ),
    },
    ...(kinds.size > 1
      ? [{ id: 'kind', label: l10n.t('Kind'), width: '130px', from: 480, sortable: true, cell: kindOf }]
      : []),
  ];
  return (
    <div class={chosen ? 'split with-detail' : 'split'}>
      <div class="table-side">
        <div class="table-head">
          <FilterBox
            label={l10n.t('Search names and values')}
            value={filter}
            set={(filter) => set({ filter })}
          />
          <ShownCount shown={rows.length} of={all.length} />
          <TableTools
            table={() => ({
              columns: ['name', 'value', 'kind'],
              rows: rows.map(({ name, value, kind }) => [name, value, kind]),
            })}
          />
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Metadata')}
          columns={columns}
          rows={rows}
          selected={selected}
          sort={sort}
          keyOf={({ key }) => key}
          select={({ key }) => set({ selected: key })}
          setSort={(sort) => set({ sort })}
          copy={({ value }) => copy(value)}
        />
      </div>
      {chosen && (
        <Detail
          name={chosen.name}
          copy={{ label: l10n.t('Copy Value'), act: () => copy(chosen.value) }}
          close={{ label: l10n.t('Close'), act: () => set({ selected: undefined }) }}
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

function settingsOf({ hyperparameters, metadata }: ModelRecord): SettingRow[] {
  return [
    ...Object.entries(hyperparameters).map(([name, value]) => ({
      key: `h ${name}`,
      kind: l10n.t('Hyper-parameter'),
      name,
      value: String(value),
    })),
    ...Object.entries(metadata).map(([name, value]) => ({
      key: `m ${name}`,
      kind: l10n.t('Metadata'),
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
