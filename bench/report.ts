import type { Bar, Figure, Unit } from './bench.ts';
import { median } from './measure.ts';

/** The figures as a table for people: the median, the extremes, the bar, and whether it was reached. */
export function table(figures: readonly Figure[]): string {
  const header = ['', 'median', 'from', 'to', 'rounds', 'bar', ''];
  const rows = figures.map(({ what, samples, unit, bar }) => [
    what,
    `${show(median(samples))} ${unit}`,
    show(Math.min(...samples)),
    show(Math.max(...samples)),
    String(samples.length),
    bar ? showBar(bar, unit) : '',
    bar ? (reached(bar, median(samples)) ? 'reached' : 'NOT REACHED') : '',
  ]);
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        column > 0 && column < 5 ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return all.map(line).join('\n');
}

/** The same for programs. */
export function summary({ what, samples, unit, bar }: Figure): object {
  const middle = median(samples);
  return { what, unit, median: middle, samples, bar, reached: bar && reached(bar, middle) };
}

export function reached({ atLeast = -Infinity, atMost = Infinity }: Bar, value: number): boolean {
  return value >= atLeast && value <= atMost;
}

function showBar({ atLeast, atMost }: Bar, unit: Unit): string {
  return atLeast === undefined ? `≤ ${atMost} ${unit}` : `≥ ${atLeast} ${unit}`;
}

/** Three digits that mean something. */
function show(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
