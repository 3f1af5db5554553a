import { numberText, roughCount } from '../format.ts';
import type { ChartTheme } from '../theme.ts';
import { type DrawnBars, drawBars } from './barChart.ts';
import { baseAxis, valueAxis } from './chartLook.ts';

/** Bars of the same width, from the lowest value to the highest. */
interface Bins {
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

interface Histogram {
  readonly bins: Bins;
  readonly counts: readonly number[];
  /** Of another time, as a line over the bars: told apart without colours. */
  readonly before?: readonly number[];
}

/** Where a bar begins and the one before it ends. */
export function edgeText({ from, to, count }: Bins, bin: number): string {
  return numberText(from + ((to - from) * bin) / count, 4);
}

export function drawHistogram(
  canvas: HTMLCanvasElement,
  { bins, counts, before }: Histogram,
  theme: ChartTheme,
  point: (bin: number | undefined) => void,
): DrawnBars {
  const labels = Array.from({ length: bins.count }, (_, bin) => labelOf(bins, bin));
  const axis = baseAxis(theme);
  const counted = valueAxis(theme, roughCount);
  return drawBars(
    canvas,
    {
      labels,
      bars: { data: [...counts], categoryPercentage: before ? 1 : 0.94, minBarLength: 1 },
      line: before && {
        data: [...before],
        stepped: 'middle',
        borderColor: theme.foreground,
        borderWidth: 1.5,
      },
      scales: {
        x: {
          ...axis,
          offset: true,
          ticks: { ...axis.ticks, autoSkip: false, callback: (_, bin) => labels[bin] ?? '' },
        },
        y: { ...counted, beginAtZero: true, ticks: { ...counted.ticks, maxTicksLimit: 4, precision: 0 } },
      },
    },
    theme,
    point,
  );
}

/** Of the ends and the middle: there is no room for more. */
function labelOf({ from, to, count }: Bins, bin: number): string {
  if (bin === 0) return numberText(from, 3);
  if (bin === count - 1) return numberText(to, 3);
  return bin === Math.floor(count / 2) ? numberText((from + to) / 2, 3) : '';
}
