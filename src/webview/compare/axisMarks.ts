import type { Plugin } from 'chart.js';
import { exclusiveStage } from '../../core/stages.ts';
import type { CanvasFont } from '../charts/chartLook.ts';
import { marksOf } from '../marks.ts';
import { xOf } from './chartMarks.ts';
import { shortened } from './shortened.ts';
import type { CompareView } from './view.ts';

/** Of one line of tags and stages under the axis, in CSS pixels. */
export const markHeight = 14;
const longest = 24;
const gap = 8;

/** How many lines of tags and stages a chart of these versions has room for. */
export function markRows(view: CompareView): number {
  return Math.min(2, view.columns.filter((column) => marksOf(column).length > 0).length);
}

/** A triangle on the axis for each version with a tag or a stage, and under it their names, as far as there is room. */
export function axisMarks(view: CompareView, color: string, font: CanvasFont): Plugin<'line'> {
  const marks = view.columns
    .flatMap((column, x) => {
      const names = marksOf(column);
      const weight = column.stage === exclusiveStage ? 2 : column.stage === undefined ? 0 : 1;
      return names.length === 0 ? [] : [{ x, text: shortened(names.join(' · '), longest), weight }];
    })
    // What is in use matters most, then what is newest.
    .sort((a, b) => b.weight - a.weight || b.x - a.x);
  return {
    id: 'axisMarks',
    afterDraw(chart) {
      const { ctx, chartArea, width, height } = chart;
      const rows: [from: number, to: number][][] = Array.from({ length: markRows(view) }, () => []);
      ctx.save();
      ctx.font = `${font.size}px ${font.family}`;
      ctx.fillStyle = color;
      for (const mark of marks) {
        const x = xOf(chart, mark.x);
        ctx.beginPath();
        ctx.moveTo(x, chartArea.bottom + 1);
        ctx.lineTo(x + 4, chartArea.bottom + 7);
        ctx.lineTo(x - 4, chartArea.bottom + 7);
        ctx.fill();
        const size = ctx.measureText(mark.text).width;
        const from = Math.min(Math.max(x - size / 2, 2), width - size - 2);
        const to = from + size;
        const row = rows.findIndex((taken) => taken.every(([a, b]) => from > b + gap || to < a - gap));
        if (row === -1) continue;
        rows[row]?.push([from, to]);
        ctx.fillText(mark.text, from, height - (rows.length - 1 - row) * markHeight - 4);
      }
      ctx.restore();
    },
  };
}
