import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
} from 'chart.js';
import type { ChartTheme } from '../theme.ts';
import { roughCount } from '../format.ts';

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

interface TreeBars {
  readonly leaves: readonly number[];
  readonly depths: readonly number[];
  readonly theme: ChartTheme;
  readonly words: readonly [leaves: string, depth: string];
}

/** Leaves as bars, depth as a line over them. @returns a function that removes the chart */
export function drawTrees(
  canvas: HTMLCanvasElement,
  { leaves, depths, theme, words }: TreeBars,
  point: (tree: number | undefined) => void,
): () => void {
  const font = { family: theme.fontFamily, size: 11 };
  const ticks = { color: theme.muted, font, maxTicksLimit: 5, precision: 0 };
  const chart = new Chart<'bar' | 'line', number[]>(canvas, {
    data: {
      labels: leaves.map((_, tree) => String(tree)),
      datasets: [
        {
          type: 'line',
          label: words[1],
          data: [...depths],
          yAxisID: 'depth',
          borderColor: theme.series[1],
          backgroundColor: theme.series[1],
          borderWidth: 2,
          pointRadius: 0,
        },
        {
          type: 'bar',
          label: words[0],
          data: [...leaves],
          yAxisID: 'leaves',
          backgroundColor: theme.series[0],
          barPercentage: 1,
          categoryPercentage: 0.9,
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
          ticks: { ...ticks, maxRotation: 0 },
        },
        leaves: {
          position: 'left',
          beginAtZero: true,
          border: { display: false },
          grid: { color: theme.grid, drawTicks: false },
          ticks: { ...ticks, callback: (value) => roughCount(Number(value)) },
        },
        depth: {
          position: 'right',
          beginAtZero: true,
          border: { display: false },
          grid: { display: false },
          ticks,
        },
      },
      plugins: { legend: { labels: { color: theme.foreground, font, boxWidth: 12, boxHeight: 12 } } },
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
