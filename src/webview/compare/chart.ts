import {
  Chart,
  type ChartDataset,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  type Point,
  PointElement,
  type Scale,
} from 'chart.js';
import type { MetricRow } from '../../core/compare.ts';
import { metricText } from '../format.ts';
import { baseAxis, fontOf, onLeave, steady, valueAxis } from '../charts/chartLook.ts';
import type { ChartTheme } from '../theme.ts';
import { axisMarks, markHeight, markRows } from './axisMarks.ts';
import { baselineLine, bestMark } from './chartMarks.ts';
import type { Cursor } from './cursor.ts';
import { followCursor } from './pointer.ts';
import { seriesLook } from './series.ts';
import { type CompareView, versionAt } from './view.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Decimation);

export interface ChartSpec {
  readonly row: MetricRow;
  readonly view: CompareView;
  readonly theme: ChartTheme;
  readonly cursor: Cursor;
  /** Says that a version is the best. */
  bestText(name: string): string;
  choose(column: number): void;
}

/** Points are drawn one by one only while there is room between them. */
const roomForPoints = 80;
/** Of a line over versions without a value; none of a model's own. */
const gapDash = [1, 4];

/**
 * @param pointer marks the version that is pointed at
 * @returns a function that removes the chart
 */
export function drawChart(canvas: HTMLCanvasElement, pointer: HTMLElement, spec: ChartSpec): () => void {
  const { row, view, theme, cursor } = spec;
  const labels = view.columns.map((column, index) => tickLabel(view, column.model, index));
  const font = fontOf(theme);
  const axis = baseAxis(theme);
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: datasetsOf(spec) },
    options: {
      ...steady,
      parsing: false,
      normalized: true,
      clip: false,
      events: ['mousemove', 'mouseout', 'click'],
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 14, right: 6, bottom: markRows(view) * markHeight } },
      scales: {
        x: {
          ...axis,
          type: 'linear',
          min: -0.5,
          max: view.columns.length - 0.5,
          ticks: {
            ...axis.ticks,
            autoSkip: false,
            padding: 6,
            callback: (value) => labels[Number(value)] ?? '',
          },
          afterBuildTicks: (axis) => {
            axis.ticks = ticksFor(labels, axis.chart.width, font.size);
          },
        },
        y: {
          ...valueAxis(theme, (value, step) => metricText(value, step / 10)),
          type: 'linear',
          afterDataLimits: (axis) => widen(axis, row),
        },
      },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
      },
      onHover: (_event, elements) => cursor.move(versionAt(view.columns, columnAt(elements))),
      onClick: (_event, elements) => {
        const column = columnAt(elements);
        if (column !== undefined) spec.choose(column);
      },
    },
    plugins: [baselineLine(row, view, theme), bestMark(spec, font), axisMarks(view, theme.foreground, font)],
  });

  function columnAt(elements: readonly { datasetIndex: number; index: number }[]): number | undefined {
    const [element] = elements;
    return (element && pointAt(element.datasetIndex, element.index)?.x) ?? undefined;
  }
  /** After decimation, `data` is not what was given. */
  function pointAt(dataset: number, index: number): Point | undefined {
    return chart.data.datasets[dataset]?.data[index];
  }

  const stop = onLeave(canvas, () => cursor.move(undefined));
  const unfollow = followCursor(chart, pointer, spec);

  return () => {
    unfollow();
    stop();
    chart.destroy();
  };
}

function datasetsOf({ row, view, theme }: ChartSpec): ChartDataset<'line', Point[]>[] {
  const crowded = view.columns.length > roomForPoints;
  return view.models.map((_, model) => {
    const look = seriesLook(model);
    const color = theme.series[look.color];
    const lacking = lackingUpTo(row, view, model);
    const data = row.values.flatMap((y, x): Point[] =>
      y === undefined || view.columns[x]?.model !== model || (crowded && !Number.isFinite(y))
        ? []
        : // NaN is where the line breaks, infinity would put it out of the chart.
          [{ x, y: Number.isFinite(y) ? y : NaN }],
    );
    return {
      data,
      borderColor: color,
      borderWidth: crowded ? 1.5 : 2,
      borderDash: [...look.dash],
      borderJoinStyle: 'round',
      pointStyle: look.point,
      pointRadius: crowded ? 0 : look.point === 'circle' ? 3 : 4,
      pointHoverRadius: crowded ? 0 : 4,
      pointBackgroundColor: color,
      pointBorderColor: color,
      // Nothing is known of what lies between.
      ...(lacking.at(-1) !== 0 && {
        segment: {
          borderDash: ({ p0, p1 }) =>
            lacking[p0.parsed.x ?? 0] === lacking[p1.parsed.x ?? 0] ? undefined : gapDash,
        },
      }),
      pointBorderWidth: look.point === 'crossRot' ? 2 : 0,
      pointHoverBackgroundColor: color,
      pointHoverBorderColor: color,
    };
  });
}

/** Of each column, how many of a model's versions up to it have no value that could be drawn. */
function lackingUpTo(row: MetricRow, view: CompareView, model: number): readonly number[] {
  let lacking = 0;
  return row.values.map((value, x) =>
    view.columns[x]?.model === model && !Number.isFinite(value) ? ++lacking : lacking,
  );
}

/** A little room for what is beside the points, but not below zero where nothing is negative. */
function widen(axis: Scale, { values }: MetricRow): void {
  const room = (axis.max - axis.min) * 0.04;
  const hasNegative = values.some((value) => value !== undefined && Number.isFinite(value) && value < 0);
  axis.max += room;
  axis.min = hasNegative ? axis.min - room : Math.max(0, axis.min - room);
}

/** As many as fit, the newest always among them. */
function ticksFor(labels: readonly string[], width: number, fontSize: number): { value: number }[] {
  const widest = Math.max(...labels.map((label) => label.length)) * fontSize * 0.62 + 10;
  const step = Math.max(1, Math.ceil((labels.length * widest) / Math.max(widest, width - 50)));
  const ticks: { value: number }[] = [];
  for (let value = labels.length - 1; value >= 0; value -= step) ticks.unshift({ value });
  return ticks;
}

function tickLabel({ models, shortNames }: CompareView, model: number, column: number): string {
  const name = shortNames[column] ?? '';
  return models.length > 1 ? `${seriesLook(model).glyph} ${name}` : name;
}
