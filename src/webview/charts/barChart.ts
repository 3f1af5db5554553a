import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartDataset,
  type ChartOptions,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import type { ChartTheme } from '../theme.ts';
import { onLeave, steady } from './chartLook.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
);

type Bars = ChartDataset<'bar', number[]>;
type Line = ChartDataset<'line', number[]>;
type Shared = 'data' | 'label' | 'yAxisID';

export interface BarChart {
  readonly labels: readonly string[];
  readonly bars: Pick<Bars, Shared | 'categoryPercentage' | 'minBarLength'>;
  /** Drawn over the bars. */
  readonly line?: Pick<Line, Shared | 'stepped' | 'borderColor' | 'backgroundColor' | 'borderWidth'>;
  readonly scales: ChartOptions<'bar' | 'line'>['scales'];
  /** None where this is absent. */
  readonly legend?: NonNullable<ChartOptions<'bar' | 'line'>['plugins']>['legend'];
}

export interface DrawnBars {
  /** Makes one bar stand out. */
  mark(bar: number | undefined): void;
  remove(): void;
}

/** @param point is told the bar that the mouse is over */
export function drawBars(
  canvas: HTMLCanvasElement,
  { labels, bars, line, scales, legend = { display: false } }: BarChart,
  theme: ChartTheme,
  point: (bar: number | undefined) => void,
): DrawnBars {
  let marked: number | undefined;
  const chart = new Chart<'bar' | 'line', number[]>(canvas, {
    data: {
      labels: [...labels],
      datasets: [
        ...(line ? [{ ...line, type: 'line' as const, pointRadius: 0, pointHoverRadius: 0 }] : []),
        {
          ...bars,
          type: 'bar',
          // The legend asks too, for no bar.
          backgroundColor: ({ dataIndex }) =>
            marked !== undefined && dataIndex === marked ? theme.foreground : theme.series[0],
          barPercentage: 1,
        },
      ],
    },
    options: {
      ...steady,
      events: ['mousemove', 'mouseout'],
      interaction: { mode: 'index', intersect: false },
      scales,
      plugins: { legend },
      onHover: (_event, elements) => point(elements[0]?.index),
    },
  });
  const stop = onLeave(canvas, () => point(undefined));
  return {
    mark(bar) {
      if (bar === marked) return;
      marked = bar;
      chart.update('none');
    },
    remove() {
      stop();
      chart.destroy();
    },
  };
}
