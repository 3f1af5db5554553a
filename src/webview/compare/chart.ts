import {
  Chart,
  type ChartDataset,
  Decimation,
  LinearScale,
  LineController,
  LineElement,
  type Point,
  PointElement,
  Tooltip,
} from 'chart.js';
import type { MetricRow } from '../../core/compare.ts';
import { formatMetric } from '../../core/formatNumber.ts';
import type { ChartTheme } from '../theme.ts';
import { axisMarks, markHeight, markRows } from './axisMarks.ts';
import { baselineLine, bestMark, cursorLine } from './chartMarks.ts';
import type { Cursor } from './cursor.ts';
import { seriesLook } from './series.ts';
import type { VersionColumn } from './messages.ts';
import type { CompareView } from './view.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Decimation);

export interface ChartSpec {
  readonly row: MetricRow;
  readonly view: CompareView;
  readonly theme: ChartTheme;
  readonly cursor: Cursor;
  readonly bestWord: string;
  /** The lines of the tooltip, the first as its title. */
  describe(column: number): readonly string[];
  choose(column: number): void;
}

export interface MetricChart {
  /** Shows what is known of a version beside its point, as hovering does. */
  point(column: number | undefined): void;
  destroy(): void;
}

/** Points are drawn one by one only while there is room between them. */
const roomForPoints = 80;
const font = 11;

export function drawChart(canvas: HTMLCanvasElement, spec: ChartSpec): MetricChart {
  const { row, view, theme, cursor } = spec;
  const labels = view.columns.map((column) => tickLabel(view, column));
  const fontOptions = { family: theme.fontFamily, size: font };
  const chart = new Chart<'line', Point[]>(canvas, {
    type: 'line',
    data: { datasets: datasetsOf(spec) },
    options: {
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      clip: false,
      events: ['mousemove', 'mouseout', 'click'],
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      layout: { padding: { top: 14, right: 6, bottom: markRows(view) * markHeight } },
      scales: {
        x: {
          type: 'linear',
          min: -0.5,
          max: view.columns.length - 0.5,
          border: { color: theme.grid },
          grid: { display: false },
          ticks: {
            color: theme.muted,
            font: fontOptions,
            autoSkip: false,
            maxRotation: 0,
            padding: 6,
            callback: (value) => labels[Number(value)] ?? '',
          },
          afterBuildTicks: (axis) => {
            axis.ticks = ticksFor(labels, axis.chart.width);
          },
        },
        y: {
          type: 'linear',
          grace: '8%',
          border: { display: false },
          grid: { color: theme.grid, drawTicks: false },
          ticks: {
            color: theme.muted,
            font: fontOptions,
            padding: 6,
            maxTicksLimit: 5,
            callback: (value) => formatMetric(Number(value)),
          },
        },
      },
      plugins: {
        decimation: { enabled: true, algorithm: 'min-max' },
        tooltip: {
          displayColors: false,
          animation: false,
          caretSize: 0,
          caretPadding: 8,
          cornerRadius: 4,
          padding: 8,
          borderWidth: 1,
          backgroundColor: theme.tooltip.background,
          borderColor: theme.tooltip.border,
          titleColor: theme.tooltip.foreground,
          bodyColor: theme.tooltip.foreground,
          titleFont: { ...fontOptions, weight: 'bold' },
          bodyFont: fontOptions,
          // Versions of several models may be at the same distance.
          filter: (item, index) => index === 0 && item.parsed.y !== null,
          callbacks: {
            title: ([item]) => (item ? (spec.describe(item.parsed.x ?? 0)[0] ?? '') : ''),
            label: (item) => spec.describe(item.parsed.x ?? 0).slice(1),
          },
        },
      },
      onHover: (_event, elements) => cursor.move(columnAt(elements)),
      onClick: (_event, elements) => {
        const column = columnAt(elements);
        if (column !== undefined) spec.choose(column);
      },
    },
    plugins: [
      baselineLine(row, view, theme),
      cursorLine(cursor, theme),
      bestMark(spec, fontOptions),
      axisMarks(view, theme.foreground, fontOptions),
    ],
  });

  function columnAt(elements: readonly { datasetIndex: number; index: number }[]): number | undefined {
    const [element] = elements;
    return (element && pointAt(element.datasetIndex, element.index)?.x) ?? undefined;
  }
  /** After decimation, `data` is not what was given. */
  function pointAt(dataset: number, index: number): Point | undefined {
    return chart.data.datasets[dataset]?.data[index];
  }

  const leave = (): void => cursor.move(undefined);
  canvas.addEventListener('mouseleave', leave);
  const unsubscribe = cursor.subscribe(() => chart.draw());

  return {
    point(column) {
      const active = column === undefined ? [] : elementsAt(chart, column);
      chart.setActiveElements(active);
      chart.tooltip?.setActiveElements(active, { x: 0, y: 0 });
      cursor.move(column);
      chart.update('none');
    },
    destroy() {
      unsubscribe();
      canvas.removeEventListener('mouseleave', leave);
      chart.destroy();
    },
  };
}

function elementsAt(
  chart: Chart<'line', Point[]>,
  column: number,
): { datasetIndex: number; index: number }[] {
  return chart.data.datasets.flatMap((dataset, datasetIndex) => {
    const index = dataset.data.findIndex((point) => point.x === column && Number.isFinite(point.y));
    return index === -1 ? [] : [{ datasetIndex, index }];
  });
}

function datasetsOf({ row, view, theme }: ChartSpec): ChartDataset<'line', Point[]>[] {
  const crowded = view.columns.length > roomForPoints;
  return view.models.map((_, model) => {
    const look = seriesLook(model);
    const color = theme.series[look.color];
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
      pointRadius: crowded ? 0 : 3,
      pointHitRadius: 0,
      pointHoverRadius: 5,
      pointBackgroundColor: color,
      pointBorderColor: color,
      pointBorderWidth: look.point === 'crossRot' ? 2 : 0,
      pointHoverBackgroundColor: color,
      pointHoverBorderColor: theme.foreground,
      pointHoverBorderWidth: 1.5,
    };
  });
}

/** As many as fit, the newest always among them. */
function ticksFor(labels: readonly string[], width: number): { value: number }[] {
  const widest = Math.max(...labels.map((label) => label.length)) * font * 0.62 + 10;
  const step = Math.max(1, Math.ceil((labels.length * widest) / Math.max(widest, width - 50)));
  const ticks: { value: number }[] = [];
  for (let value = labels.length - 1; value >= 0; value -= step) ticks.unshift({ value });
  return ticks;
}

function tickLabel(view: CompareView, column: VersionColumn): string {
  return view.models.length > 1 ? `${seriesLook(column.model).glyph} ${column.name}` : column.name;
}
