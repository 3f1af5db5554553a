import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { Detail } from '../detail.tsx';
import { FilterBox } from '../filterBox.tsx';
import { FilteredGrid } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import type { Sort, TableState } from '../schemas.ts';
import { inNumbers, matcherOf } from '../tables.ts';
import type { NamedValue } from './namedValues.ts';
import { usePage } from './page.ts';

interface ValuesSectionProps {
  readonly label: string;
  readonly values: readonly NamedValue[];
  readonly state: TableState | undefined;
  update(state: TableState): void;
}

/** A cell is no place for more. */
const longest = 300;

/** Values before and after; those of the chosen row in full beside it. */
export function ValuesSection({ label, values, state = {}, update }: ValuesSectionProps) {
  const { copy } = usePage();
  const { filter = '', sort, selected } = state;
  const set = (change: TableState): void => update({ ...state, ...change });
  const rows = useMemo(() => sorted(matching(values, filter), sort), [values, filter, sort]);
  const chosen = values.find(({ key }) => key === selected);
  const hasDeltas = values.some(({ delta }) => delta !== undefined);
  const columns: readonly GridColumn<NamedValue>[] = [
    {
      id: 'name',
      label: l10n.t('Name'),
      width: 'minmax(0, 2fr)',
      sortable: true,
      cell: ({ name }) => <Cell text={name} />,
    },
    { id: 'a', label: l10n.t('Before'), width: 'minmax(0, 2fr)', cell: ({ a }) => <Value text={a} /> },
    { id: 'b', label: l10n.t('After'), width: 'minmax(0, 2fr)', cell: ({ b }) => <Value text={b} /> },
    ...(hasDeltas ? [{ ...deltaColumn, label: l10n.t('Change') }] : []),
    { ...kindColumn, label: l10n.t('Kind') },
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
        </div>
        <FilteredGrid
          filter={filter}
          label={label}
          columns={columns}
          rows={rows}
          selected={chosen?.key}
          sort={sort}
          keyOf={({ key }) => key}
          select={({ key }) => set({ selected: key })}
          setSort={(sort) => set({ sort })}
          copy={({ copied }) => copy(copied)}
        />
      </div>
      {chosen && <WholeValue value={chosen} close={() => set({ selected: undefined })} />}
    </div>
  );
}

const deltaColumn: Omit<GridColumn<NamedValue>, 'label'> = {
  id: 'delta',
  width: '96px',
  from: 440,
  numeric: true,
  cell: ({ delta, verdict }) => (
    <span class={`delta ${verdict ?? ''}`} title={verdictWord(verdict)}>
      {delta}
      <span class="hidden-text"> {verdictWord(verdict)}</span>
    </span>
  ),
};
function verdictWord(verdict: NamedValue['verdict']): string | undefined {
  if (verdict === 'better') return l10n.t('better');
  return verdict === 'worse' ? l10n.t('worse') : undefined;
}

const kindColumn: Omit<GridColumn<NamedValue>, 'label'> = {
  id: 'kind',
  width: 'minmax(110px, 0.7fr)',
  from: 560,
  sortable: true,
  cell: ({ kind }) => (
    <span class="label muted" title={kind}>
      {kind}
    </span>
  ),
};

function Cell({ text }: { text: string }) {
  return (
    <span class="label" title={text}>
      {text}
    </span>
  );
}

function Value({ text }: { text: string | undefined }) {
  if (text === undefined) return <span class="muted">–</span>;
  const shown = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return (
    <span class="label value" title={shown}>
      {shown}
    </span>
  );
}

function WholeValue({ value, close }: { value: NamedValue; close: () => void }) {
  return (
    <Detail name={value.name} close={{ label: l10n.t('Close'), act: close }}>
      <p class="muted">{value.kind}</p>
      {(['a', 'b'] as const).map((side) => (
        <section key={side} class="block">
          <h3>{side === 'a' ? l10n.t('Before') : l10n.t('After')}</h3>
          <pre class="whole">{value[side] ?? l10n.t('not there')}</pre>
        </section>
      ))}
    </Detail>
  );
}

function matching(values: readonly NamedValue[], filter: string): readonly NamedValue[] {
  const matches = matcherOf(filter);
  return matches ? values.filter(({ name, a = '', b = '' }) => matches(`${name} ${a} ${b}`)) : values;
}

function sorted(values: readonly NamedValue[], sort: Sort | undefined): readonly NamedValue[] {
  if (!sort) return values;
  const order = sort.descending ? -1 : 1;
  const of = (value: NamedValue): string => (sort.column === 'kind' ? value.kind : value.name);
  return values.toSorted((x, y) => order * inNumbers.compare(of(x), of(y)));
}
