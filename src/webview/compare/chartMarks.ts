import type { Chart, Plugin } from 'chart.js';
import type { MetricRow } from '../../core/compare.ts';
import type { CanvasFont } from '../charts/chartLook.ts';
import type { ChartTheme } from '../theme.ts';
import type { ChartSpec } from './chart.ts';
import type { CompareView } from './view.ts';

/** From its middle to its points, in CSS pixels. */
const diamond = 9;

/** A dashed line at the baseline's value. */
export function baselineLine(row: MetricRow, view: CompareView, theme: ChartTheme): Plugin<'line'> {
  return {
    id: 'baselineLine',
    beforeDatasetsDraw(chart) {
      const value = row.values[view.baseline];
      if (value === undefined || !Number.isFinite(value)) return;
      const { left, right } = chart.chartArea;
      stroke(chart, theme.muted, [4, 4], [left, yOf(chart, value)], [right, yOf(chart, value)]);
    },
  };
}

/** A diamond about the point, which stays as the legend has it, with words beside it: the best is not told by colour alone. */
export function bestMark({ row, view, theme, bestText }: ChartSpec, font: CanvasFont): Plugin<'line'> {
  return {
    id: 'bestMark',
    afterDatasetsDraw(chart) {
      const value = row.best === undefined ? undefined : row.values[row.best];
      if (row.best === undefined || value === undefined) return;
      const [x, y] = [xOf(chart, row.best), yOf(chart, value)];
      const { ctx, chartArea } = chart;
      ctx.save();
      ctx.beginPath();
      ctx.moveTo(x, y - diamond);
      ctx.lineTo(x + diamond, y);
      ctx.lineTo(x, y + diamond);
      ctx.lineTo(x - diamond, y);
      ctx.closePath();
      ctx.fillStyle = theme.foreground;
      ctx.strokeStyle = theme.foreground;
      ctx.lineWidth = 1.5;
      ctx.stroke();
      ctx.strokeStyle = theme.background;
      const text = bestText(view.shortNames[row.best] ?? '');
      ctx.font = `600 ${font.size}px ${font.family}`;
      ctx.textBaseline = 'middle';
      const half = ctx.measureText(text).width / 2;
      // Above what is high and below what is low, where the line is not, as long as there is room.
      const room = diamond + font.size * 1.5;
      const below = y > (chartArea.top + chartArea.bottom) / 2 && y + room < chartArea.bottom;
      const center = Math.min(Math.max(x, chartArea.left + half + 2), chartArea.right - half);
      ctx.textAlign = 'center';
      ctx.lineWidth = 3;
      const textY = y + (below ? 1 : -1) * (diamond + font.size * 0.8);
      ctx.strokeText(text, center, textY);
      ctx.fillText(text, center, textY);
      ctx.restore();
    },
  };
}

export function xOf(chart: Pick<Chart, 'scales'>, column: number): number {
  return chart.scales['x']?.getPixelForValue(column) ?? 0;
}

export function yOf(chart: Pick<Chart, 'scales'>, value: number): number {
  return chart.scales['y']?.getPixelForValue(value) ?? 0;
}

function stroke(
  { ctx }: Chart,
  color: string,
  dash: readonly number[],
  from: readonly [number, number],
  to: readonly [number, number],
): void {
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 1;
  ctx.setLineDash(dash);
  ctx.beginPath();
  ctx.moveTo(...from);
  ctx.lineTo(...to);
  ctx.stroke();
  ctx.restore();
}
