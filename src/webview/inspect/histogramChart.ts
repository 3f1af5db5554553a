import { BarController, BarElement, CategoryScale, Chart, LinearScale } from 'chart.js';
import type { ChartTheme } from '../theme.ts';
import { numberText, roughCount } from '../format.ts';
import type { Histogram } from './messages.ts';

Chart.register(BarController, BarElement, CategoryScale, LinearScale);

export interface DrawnHistogram {
  /** Makes one bar stand out. */
  mark(bin: number | undefined): void;
  remove(): void;
}

const font = 11;

export function drawHistogram(
  canvas: HTMLCanvasElement,
  { from, to, counts }: Histogram,
  theme: ChartTheme,
  point: (bin: number | undefined) => void,
): DrawnHistogram {
  const fontOptions = { family: theme.fontFamily, size: font };
  let marked: number | undefined;
  const last = counts.length - 1;
  // The ends and the middle, by the edges of the bars there.
  const labels = counts.map((_, bin) => {
    if (bin === 0) return numberText(from, 3);
    if (bin === last) return numberText(to, 3);
    return bin === Math.floor(counts.length / 2) ? numberText((from + to) / 2, 3) : '';
  });
  const chart = new Chart<'bar', number[]>(canvas, {
    type: 'bar',
    data: {
      labels,
      datasets: [
        {
          data: [...counts],
          backgroundColor: ({ dataIndex }) => (dataIndex === marked ? theme.foreground : theme.series[0]),
          barPercentage: 1,
          categoryPercentage: 0.94,
          minBarLength: 1,
        },
      ],
    },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      events: ['mousemove', 'mouseout'],
      interaction: { mode: 'index', intersect: false },
      scales: {
        x: {
          border: { color: theme.grid },
          grid: { display: false },
          ticks: {
            color: theme.muted,
            font: fontOptions,
            autoSkip: false,
            maxRotation: 0,
            callback: (_, index) => labels[index] ?? '',
          },
        },
        y: {
          beginAtZero: true,
          border: { display: false },
          grid: { color: theme.grid, drawTicks: false },
          ticks: {
            color: theme.muted,
            font: fontOptions,
            padding: 6,
            maxTicksLimit: 4,
            precision: 0,
            callback: (value) => roughCount(Number(value)),
          },
        },
      },
      plugins: { legend: { display: false } },
      onHover: (_event, elements) => point(elements[0]?.index),
    },
  });
  const leave = (): void => point(undefined);
  canvas.addEventListener('mouseleave', leave);
  return {
    mark(bin) {
      if (bin === marked) return;
      marked = bin;
      chart.update('none');
    },
    remove() {
      canvas.removeEventListener('mouseleave', leave);
      chart.destroy();
    },
  };
}
