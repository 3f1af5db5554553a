import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { GraphDiff, GraphValueChange, NodeChange } from '../../diff/structureDiff.ts';
import { Detail } from '../detail.tsx';
import { FilterBox } from '../filterBox.tsx';
import { countText } from '../format.ts';
import { FilteredGrid } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import { Icon } from '../icons.tsx';
import type { TableState } from '../schemas.ts';
import { matcherOf } from '../tables.ts';
import { type Change, Changes } from './changes.tsx';
import type { SectionProps } from './sections.tsx';

interface NodeRow {
  readonly key: string;
  readonly change: NodeChange;
  readonly op: string;
  readonly name: string;
  readonly what: string;
}

/** What is computed otherwise: inputs and outputs first, since others rely on them. */
export function GraphSection({ graph, state, update }: SectionProps & { readonly graph: GraphDiff }) {
  const { filter = '', selected } = state.nodes ?? {};
  const set = (change: TableState): void => update({ nodes: { ...state.nodes, ...change } });
  const all = useMemo(() => graph.nodes.changes.map(nodeRow), [graph]);
  const rows = useMemo(() => matching(all, filter), [all, filter]);
  const chosen = all.find(({ key }) => key === selected);
  const overview = <Overview graph={graph} />;
  if (all.length === 0)
    return (
      <div class="scroll" tabIndex={0}>
        {overview}
      </div>
    );
  return (
    <div class="split with-detail">
      <div class="table-side">
        <div class="table-head">
          <FilterBox
            label={l10n.t('Filter by name, operator or change')}
            value={filter}
            set={(filter) => set({ filter })}
          />
          <span class="muted" role="status">
            {filter.trim() === ''
              ? l10n.t(
                  '{0} nodes changed, {1} are the same',
                  countText(all.length),
                  countText(graph.nodes.same),
                )
              : l10n.t('{0} of {1}', countText(rows.length), countText(all.length))}
          </span>
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Nodes')}
          columns={nodeColumns()}
          rows={rows}
          selected={chosen?.key}
          keyOf={({ key }) => key}
          select={({ key }) => set({ selected: key })}
        />
      </div>
      {chosen ? (
        <NodeDetail row={chosen} close={() => set({ selected: undefined })} />
      ) : (
        <aside class="detail" aria-label={l10n.t('Graph')} tabIndex={0}>
          {overview}
        </aside>
      )}
    </div>
  );
}

const marks = { added: '+', removed: '−', changed: '~' } as const;

function statusText(status: NodeChange['status']): string {
  if (status === 'added') return l10n.t('added');
  return status === 'removed' ? l10n.t('removed') : l10n.t('changed');
}

function nodeColumns(): readonly GridColumn<NodeRow>[] {
  const label = (text: string) => (
    <span class="label" title={text}>
      {text}
    </span>
  );
  return [
    {
      id: 'op',
      label: l10n.t('Operator'),
      width: 'minmax(0, 1fr)',
      cell: ({ change: { status }, op }) => (
        <>
          <span class={`status ${status}`} title={statusText(status)} aria-hidden="true">
            {marks[status]}
          </span>
          <span class="hidden-text">{statusText(status)}: </span>
          {label(op)}
        </>
      ),
    },
    { id: 'name', label: l10n.t('Name'), width: 'minmax(0, 1.6fr)', cell: ({ name }) => label(name) },
    {
      id: 'what',
      label: l10n.t('Change'),
      width: 'minmax(0, 1.6fr)',
      from: 480,
      cell: ({ what }) => label(what),
    },
  ];
}

function nodeRow(change: NodeChange, index: number): NodeRow {
  const { a, b, attributes, rewired } = change;
  const node = b ?? a;
  const op = a && b && a.op !== b.op ? `${a.op} → ${b.op}` : (node?.op ?? '');
  const name = node?.name || (node?.outputs.join(', ') ?? '');
  const parts = [
    ...attributes.map(({ name, a, b }) => `${name}: ${a ?? '–'} → ${b ?? '–'}`),
    ...(rewired ? [l10n.t('wired differently')] : []),
  ];
  return { key: String(index), change, op, name, what: parts.join('; ') };
}

function matching(rows: readonly NodeRow[], filter: string): readonly NodeRow[] {
  const matches = matcherOf(filter);
  return matches ? rows.filter(({ op, name, what }) => matches(`${op} ${name} ${what}`)) : rows;
}

function Overview({ graph }: { graph: GraphDiff }) {
  const { signature, inputs, outputs, opsets, operators } = graph;
  const moved = operators.filter(({ a, b }) => a !== b);
  return (
    <>
      <h2 class="hidden-text">{l10n.t('Graph')}</h2>
      <p class={signature === 'breaking' ? 'signature breaking' : 'signature'}>
        <Icon name={signature === 'breaking' ? 'warning' : 'pass'} />
        <span>{signatureText(signature)}</span>
      </p>
      <Changes title={l10n.t('Inputs')} changes={inputs.map(valueChange)} />
      <Changes title={l10n.t('Outputs')} changes={outputs.map(valueChange)} />
      <Changes title={l10n.t('Operator sets')} changes={opsets} />
      <Changes
        title={l10n.t('Operators')}
        changes={moved.map(({ op, a, b }) => ({
          name: op,
          a,
          b,
          note: b > a ? `+${countText(b - a)}` : `−${countText(a - b)}`,
        }))}
      />
    </>
  );
}

function signatureText(signature: GraphDiff['signature']): string {
  if (signature === 'same') return l10n.t('Inputs and outputs are the same.');
  if (signature === 'compatible') return l10n.t('Inputs and outputs changed, but callers go on working.');
  return l10n.t('Inputs or outputs changed in a way that breaks callers.');
}

function valueChange({ name, a, b, breaking }: GraphValueChange): Change {
  return { name, a, b, note: breaking ? l10n.t('breaking') : undefined, isBad: breaking };
}

function NodeDetail({ row, close }: { row: NodeRow; close: () => void }) {
  const { a, b, attributes, matchedBy } = row.change;
  const both = (of: 'inputs' | 'outputs'): readonly Change[] => {
    const [before, after] = [a?.[of].join(', '), b?.[of].join(', ')];
    return [{ name: of === 'inputs' ? l10n.t('Inputs') : l10n.t('Outputs'), a: before, b: after }];
  };
  return (
    <Detail
      name={row.name}
      heading={
        <>
          {row.op} <span class="muted">{row.name}</span>
        </>
      }
      close={{ label: l10n.t('Close'), act: close }}
    >
      <p class="muted">
        {statusText(row.change.status)}
        {matchedBy === 'structure' && ` · ${l10n.t('found by what is around it')}`}
        {matchedBy === 'outputs' && ` · ${l10n.t('found by its outputs')}`}
      </p>
      {a && b && a.name !== b.name && (
        <Changes title={l10n.t('Name')} changes={[{ name: l10n.t('Name'), a: a.name, b: b.name }]} />
      )}
      <Changes title={l10n.t('Attributes')} changes={attributes} />
      <Changes title={l10n.t('Wiring')} changes={[...both('inputs'), ...both('outputs')]} />
    </Detail>
  );
}
