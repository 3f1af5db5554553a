import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { FilteredGrid, ShownCount } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import { FilterBox } from '../filterBox.tsx';
import type { Sort } from '../schemas.ts';
import { GraphDrawing } from './graphDrawing.tsx';
import { GraphOverview } from './graphOverview.tsx';
import { matchingNodes, type NodeRow, opOf, wiringOf } from './graphView.ts';
import type { InspectState } from './messages.ts';
import { NodeDetail } from './nodeDetail.tsx';
import { inNumbers } from '../tables.ts';
import { usePage } from './page.ts';
import type { Graph } from './record.ts';
import type { SectionProps } from './sections.tsx';
import { TableTools } from './tableTools.tsx';

/** The nodes as a list or a drawing, and beside it the chosen one, or what the graph is on the whole. */
export function GraphSection({ graph, state, update }: SectionProps & { readonly graph: Graph }) {
  const { copy } = usePage();
  const { filter = '', sort, selected, drawn = false } = state.nodes ?? {};
  const set = (change: NonNullable<InspectState['nodes']>): void =>
    update({ nodes: { ...state.nodes, ...change } });
  const wiring = useMemo(() => wiringOf(graph), [graph]);
  const rows = useMemo(() => sorted(matchingNodes(wiring, filter), sort), [wiring, filter, sort]);
  const chosen = selected === undefined ? undefined : wiring.rows[Number(selected)];
  const columns: readonly GridColumn<NodeRow>[] = [
    {
      id: 'op',
      label: l10n.t('Operator'),
      width: 'minmax(90px, 1fr)',
      sortable: true,
      cell: ({ node }) => <Text text={opOf(node)} />,
    },
    {
      id: 'name',
      label: l10n.t('Name'),
      width: 'minmax(0, 2fr)',
      sortable: true,
      cell: ({ node }) => <Text text={node.name} />,
    },
    {
      id: 'inputs',
      label: l10n.t('Inputs'),
      width: 'minmax(0, 1.5fr)',
      from: 620,
      cell: ({ node }) => <Text text={node.inputs.join(', ')} />,
    },
    {
      id: 'outputs',
      label: l10n.t('Outputs'),
      width: 'minmax(0, 1.5fr)',
      from: 520,
      cell: ({ node }) => <Text text={node.outputs.join(', ')} />,
    },
  ];
  const choose = (index: number): void => set({ selected: String(index) });
  return (
    <div class="split with-detail">
      <div class="table-side">
        <div class="table-head">
          {!drawn && (
            <>
              <FilterBox
                label={l10n.t('Filter by name, op or value')}
                value={filter}
                set={(filter) => set({ filter })}
              />
              <ShownCount shown={rows.length} of={wiring.rows.length} />
            </>
          )}
          <div class="choice" role="group" aria-label={l10n.t('Nodes')}>
            <button aria-pressed={!drawn} onClick={() => set({ drawn: false })}>
              {l10n.t('List')}
            </button>
            <button aria-pressed={drawn} onClick={() => set({ drawn: true })}>
              {l10n.t('Drawing')}
            </button>
          </div>
          {!drawn && (
            <TableTools
              table={() => ({
                columns: ['op', 'name', 'inputs', 'outputs', 'attributes'],
                rows: rows.map(({ node }) => [
                  opOf(node),
                  node.name,
                  node.inputs.join(' '),
                  node.outputs.join(' '),
                  JSON.stringify(node.attributes),
                ]),
              })}
            />
          )}
        </div>
        {drawn ? (
          <GraphDrawing wiring={wiring} chosen={chosen?.index} choose={choose} />
        ) : (
          <FilteredGrid
            filter={filter}
            label={l10n.t('Nodes')}
            columns={columns}
            rows={rows}
            selected={selected}
            sort={sort}
            keyOf={({ index }) => String(index)}
            select={({ index }) => choose(index)}
            setSort={(sort) => set({ sort })}
            copy={({ node }) => copy(node.name)}
          />
        )}
      </div>
      {chosen ? (
        <NodeDetail row={chosen} wiring={wiring} choose={choose} close={() => set({ selected: undefined })} />
      ) : (
        <GraphOverview graph={graph} filter={filter} setFilter={(filter) => set({ filter, drawn: false })} />
      )}
    </div>
  );
}

function Text({ text }: { text: string }) {
  return (
    <span class="label" title={text}>
      {text}
    </span>
  );
}

function sorted(rows: readonly NodeRow[], sort: Sort | undefined): readonly NodeRow[] {
  if (!sort) return rows;
  const order = sort.descending ? -1 : 1;
  const of = ({ node }: NodeRow): string => (sort.column === 'op' ? opOf(node) : node.name);
  return rows.toSorted((a, b) => order * inNumbers.compare(of(a), of(b)));
}
