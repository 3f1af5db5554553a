import * as l10n from '@vscode/l10n';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import type { Sort } from './schemas.ts';
import { useWindow } from './useWindow.ts';

export interface GridColumn<R> {
  readonly id: string;
  readonly label: string;
  /** A CSS grid track. */
  readonly width: string;
  /** Left out where the table is less wide than this, in CSS pixels. */
  readonly from?: number;
  readonly numeric?: boolean;
  readonly sortable?: boolean;
  cell(row: R): ComponentChildren;
}

/** What makes a tree of the rows. */
export interface GridTree<R> {
  /** From 1. */
  level(row: R): number;
  /** Undefined for a row that has nothing below it. */
  expanded(row: R): boolean | undefined;
  toggle(row: R): void;
}

export interface GridProps<R> {
  readonly label: string;
  readonly columns: readonly GridColumn<R>[];
  readonly rows: readonly R[];
  readonly selected: string | undefined;
  readonly sort?: Sort;
  readonly tree?: GridTree<R>;
  keyOf(row: R): string;
  select(row: R): void;
  setSort?(sort: Sort): void;
  /** Ctrl+C on a row. */
  copy?(row: R): void;
}

export const rowHeight = 26;

/**
 * A table of any number of rows, of which only those in view are there. One stop of the Tab key: the arrow keys go from row to row, and
 * in a tree open and close them.
 */
export function Grid<R>(props: GridProps<R>) {
  const { rows, selected, tree, keyOf } = props;
  const id = useId();
  const scroller = useRef<HTMLDivElement>(null);
  const { from, to, width } = useWindow(scroller, rows.length, rowHeight);
  const columns = props.columns.filter((column) => width >= (column.from ?? 0));
  const [activeKey, setActiveKey] = useState<string | undefined>(selected);
  const active = useMemo(() => activeIndex(rows, keyOf, activeKey), [rows, activeKey]);
  const template = columns.map((column) => column.width).join(' ');

  useEffect(() => {
    // What is selected when the table comes is in view, at the least.
    const index = selected === undefined ? -1 : rows.findIndex((row) => keyOf(row) === selected);
    if (index >= 0) reveal(scroller.current, index);
  }, []);

  function go(index: number): void {
    const at = Math.min(Math.max(index, 0), rows.length - 1);
    const row = rows[at];
    if (!row) return;
    setActiveKey(keyOf(row));
    reveal(scroller.current, at);
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target !== event.currentTarget || event.altKey) return;
    const row = rows[active];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'c' || !row || !props.copy || getSelection()?.type === 'Range') return;
      props.copy(row);
    } else if (event.key === 'ArrowDown') go(active + 1);
    else if (event.key === 'ArrowUp') go(active - 1);
    else if (event.key === 'PageDown') go(active + page);
    else if (event.key === 'PageUp') go(active - page);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else if (!row) return;
    else if (event.key === 'Enter' || event.key === ' ') choose(row);
    else if (!tree || !inTree(tree, row, event.key)) return;
    event.preventDefault();
  }

  function inTree(tree: GridTree<R>, row: R, key: string): boolean {
    const expanded = tree.expanded(row);
    if (key === 'ArrowRight') {
      if (expanded === false) tree.toggle(row);
      else if (expanded) go(active + 1);
    } else if (key === 'ArrowLeft') {
      if (expanded) tree.toggle(row);
      else go(parentIndex(rows, tree, active));
    } else return false;
    return true;
  }

  function choose(row: R): void {
    setActiveKey(keyOf(row));
    if (tree && tree.expanded(row) !== undefined) tree.toggle(row);
    else props.select(row);
  }

  const isActiveShown = active >= from && active < to;
  return (
    <div
      class="grid"
      ref={scroller}
      role={tree ? 'treegrid' : 'grid'}
      aria-label={props.label}
      aria-rowcount={rows.length + 1}
      aria-colcount={props.columns.length}
      aria-activedescendant={isActiveShown ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div class="grid-head" role="row" aria-rowindex={1} style={{ '--columns': template }}>
        {columns.map((column) => (
          <Header key={column.id} column={column} {...props} />
        ))}
      </div>
      <div class="grid-body" role="rowgroup" style={{ height: `${rows.length * rowHeight}px` }}>
        {rows.slice(from, to).map((row, i) => {
          const index = from + i;
          const expanded = tree?.expanded(row);
          return (
            <div
              key={keyOf(row)}
              id={`${id}-${index}`}
              class={index === active ? 'grid-row active' : 'grid-row'}
              role="row"
              aria-rowindex={index + 2}
              aria-level={tree?.level(row)}
              aria-expanded={expanded}
              aria-selected={keyOf(row) === selected}
              style={{ '--columns': template, transform: `translateY(${index * rowHeight}px)` }}
              onClick={() => choose(row)}
            >
              {columns.map((column, at) => (
                <div
                  key={column.id}
                  class={cellClass(column)}
                  role="gridcell"
                  aria-colindex={at + 1}
                  style={at === 0 && tree ? { '--level': tree.level(row) - 1 } : undefined}
                >
                  {at === 0 && tree && <span class={twistie(expanded)} aria-hidden="true" />}
                  {column.cell(row)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function Header<R>({ column, sort, setSort }: GridProps<R> & { column: GridColumn<R> }) {
  const isSorted = sort?.column === column.id;
  const order = isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined;
  return (
    <div class={cellClass(column)} role="columnheader" aria-sort={order}>
      {column.sortable && setSort ? (
        <button
          class="sort"
          title={isSorted ? sortedText(sort) : undefined}
          onClick={() =>
            // Numbers are looked at from the largest on.
            setSort({
              column: column.id,
              descending: isSorted ? !sort.descending : (column.numeric ?? false),
            })
          }
        >
          {column.label}
          <span aria-hidden="true">{isSorted ? (sort.descending ? ' ↓' : ' ↑') : ''}</span>
        </button>
      ) : (
        column.label
      )}
    </div>
  );
}

/** For those who do not see the arrow. */
function sortedText({ descending }: Sort): string {
  return descending ? l10n.t('Sorted, largest first') : l10n.t('Sorted, smallest first');
}

function cellClass<R>(column: GridColumn<R>): string {
  return column.numeric ? 'grid-cell number' : 'grid-cell';
}

function twistie(expanded: boolean | undefined): string {
  if (expanded === undefined) return 'twistie none';
  return expanded ? 'twistie open' : 'twistie';
}

function activeIndex<R>(rows: readonly R[], keyOf: (row: R) => string, key: string | undefined): number {
  const index = key === undefined ? -1 : rows.findIndex((row) => keyOf(row) === key);
  return index < 0 ? 0 : index;
}

function parentIndex<R>(rows: readonly R[], tree: GridTree<R>, index: number): number {
  const row = rows[index];
  if (!row) return index;
  for (let at = index - 1; at >= 0; at--) {
    const above = rows[at];
    if (above && tree.level(above) < tree.level(row)) return at;
  }
  return index;
}

/** Scrolls no further than it takes. The head of the table lies over its first row. */
function reveal(scroller: HTMLElement | null, index: number): void {
  if (!scroller) return;
  const top = index * rowHeight;
  const bottom = top + 2 * rowHeight;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (bottom > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = bottom - scroller.clientHeight;
}
