import type { Chart, Point } from 'chart.js';
import { xOf, yOf } from './chartMarks.ts';
import type { ChartSpec } from './chart.ts';
import { columnOf } from './view.ts';

/**
 * Keeps a line over the chart at the version that is pointed at, here or in another chart, with a ring about its point. Elements
 * of the page, because drawing every chart anew with each move of the mouse takes too long.
 * @param line with the ring as its only child
 * @returns a function that stops it
 */
export function followCursor(
  chart: Chart<'line', Point[]>,
  line: HTMLElement,
  { cursor, row, view }: Pick<ChartSpec, 'cursor' | 'row' | 'view'>,
): () => void {
  const ring = line.firstElementChild as HTMLElement;
  function place(): void {
    const column = columnOf(view.columns, cursor.version);
    line.hidden = column === undefined;
    if (column === undefined) return;
    const { top, bottom } = chart.chartArea;
    line.style.height = `${bottom - top}px`;
    line.style.transform = `translate(${xOf(chart, column)}px, ${top}px)`;
    const value = row.values[column];
    ring.hidden = value === undefined || !Number.isFinite(value);
    if (value !== undefined) ring.style.transform = `translateY(${yOf(chart, value) - top}px)`;
  }
  place();
  return cursor.subscribe(place);
}
