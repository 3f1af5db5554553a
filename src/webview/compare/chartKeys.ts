import { useRef } from 'preact/hooks';
import type { MetricRow } from '../../core/compare.ts';
import type { VersionColumn, VersionKey } from './messages.ts';
import { columnOf, versionAt } from './view.ts';

interface ChartActions {
  point(column: number | undefined): void;
  choose(column: number): void;
}

/** A chart is one stop of the Tab key; inside it the arrow keys go from point to point. */
export function useChartKeys(row: MetricRow, columns: readonly VersionColumn[], actions: ChartActions) {
  const pointed = useRef<VersionKey | undefined>(undefined);

  function go(column: number | undefined): void {
    pointed.current = versionAt(columns, column);
    actions.point(column);
  }

  /** @param step towards newer versions, or with a minus older ones */
  function next(step: 1 | -1, from: number): number | undefined {
    for (let column = from + step; column >= 0 && column < row.values.length; column += step) {
      if (row.values[column] !== undefined) return column;
    }
    return undefined;
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const end = row.values.length;
    const at = columnOf(columns, pointed.current);
    const moves: Readonly<Record<string, () => number | undefined>> = {
      ArrowRight: () => next(1, at ?? -1),
      ArrowLeft: () => next(-1, at ?? end),
      Home: () => next(1, -1),
      End: () => next(-1, end),
    };
    const move = moves[event.key];
    if (move) go(move() ?? at);
    else if (event.key === 'Enter' && at !== undefined) actions.choose(at);
    else if (event.key === 'Escape' && at !== undefined) go(undefined);
    else return;
    event.preventDefault();
  }

  return { onKeyDown, onBlur: () => pointed.current && go(undefined) };
}
