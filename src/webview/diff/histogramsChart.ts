import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import { numberText, roughCount } from '../format.ts';
import type { ChartTheme } from '../theme.ts';
import type { BothHistograms } from './messages.ts';

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
);

const font = 11;

/** What is there now as an area, what was there before as a line over it: told apart without colours. @returns what takes it away */
export function drawHistograms(
  canvas: HTMLCanvasElement,
  { from, to, a, b }: BothHistograms,
  theme: ChartTheme,
  point: (bin: number | undefined) => void,
): () => void {
  const fontOptions = { family: theme.fontFamily, size: font };
  const bins = (b ?? a ?? []).length;
  // The ends and the middle.
  const labels = Array.from({ length: bins }, (_, bin) => {
    if (bin === 0) return numberText(from, 3);
    if (bin === bins - 1) return numberText(to, 3);
    return bin === Math.floor(bins / 2) ? numberText((from + to) / 2, 3) : '';
  });
  const chart = new Chart<'bar' | 'line', number[]>(canvas, {
    data: {
      labels,
      datasets: [
        {
          type: 'line',
          data: [...(a ?? [])],
          stepped: 'middle',
          borderColor: theme.foreground,
          borderWidth: 1.5,
          pointRadius: 0,
          pointHoverRadius: 0,
        },
        {
          type: 'bar',
          data: [...(b ?? [])],
          backgroundColor: theme.series[0],
          barPercentage: 1,
          categoryPercentage: 1,
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
          offset: true,
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
  return () => {
    canvas.removeEventListener('mouseleave', leave);
    chart.destroy();
  };
}
