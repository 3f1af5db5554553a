import * as l10n from '@vscode/l10n';
import { useEffect, useId, useRef } from 'preact/hooks';
import type { MetricRow } from '../../core/compare.ts';
import { metricText } from '../format.ts';
import type { ChartTheme } from '../theme.ts';
import { drawChart } from './chart.ts';
import { useChartKeys } from './chartKeys.ts';
import type { Cursor } from './cursor.ts';
import { useNearViewport } from './nearViewport.ts';
import { type CompareView, fullName, hasLine, versionAt } from './view.ts';
import { Summary } from './summary.tsx';
import { describePoint, directionWord } from './words.ts';

export interface MetricCardProps {
  readonly row: MetricRow;
  readonly view: CompareView;
  readonly theme: ChartTheme;
  readonly cursor: Cursor;
  choose(column: number): void;
  announce(text: string): void;
}

/** One metric: its name, what is best, and its line over the versions, or the value itself where one is all there is. */
export function MetricCard(props: MetricCardProps) {
  const { row } = props;
  const title = useId();
  const direction = directionWord(row);
  return (
    <section class="card" aria-labelledby={title}>
      <header>
        <h2 id={title} title={row.name}>
          {row.name}
        </h2>
        {direction && (
          <span class="muted direction">
            <span aria-hidden="true">{row.direction === 'higher' ? '↑ ' : '↓ '}</span>
            {direction}
          </span>
        )}
      </header>
      {hasLine(row) ? (
        <>
          <Summary {...props} />
          <Plot {...props} />
        </>
      ) : (
        <SingleValue {...props} />
      )}
    </section>
  );
}

function SingleValue({ row, view }: MetricCardProps) {
  const index = row.values.findIndex((value) => Number.isFinite(value));
  const column = view.columns[index];
  const value = row.values[index];
  if (!column || value === undefined)
    return <p class="muted single">{l10n.t('No version has a finite number here.')}</p>;
  return (
    <div class="single">
      <strong class="figure">{metricText(value)}</strong>
      <p class="muted">
        {view.columns.length > 1
          ? l10n.t('Only {0} has this metric.', fullName(view, column))
          : fullName(view, column)}
      </p>
    </div>
  );
}

function Plot(props: MetricCardProps) {
  const { row, view, theme, cursor, choose, announce } = props;
  const frame = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const pointer = useRef<HTMLDivElement>(null);
  const near = useNearViewport(frame);
  // What a chart calls back must be of now, not of when it was drawn.
  const latest = useRef({ choose });
  latest.current = { choose };

  const keys = useChartKeys(row, view.columns, {
    point(column) {
      cursor.move(versionAt(view.columns, column));
      if (column !== undefined) announce(describePoint(view, row, column).join('. '));
    },
    choose,
  });

  useEffect(() => {
    if (!near || !canvas.current || !pointer.current) return undefined;
    return drawChart(canvas.current, pointer.current, {
      row,
      view,
      theme,
      cursor,
      bestText: (name) => l10n.t('{0} best', name),
      choose: (column) => latest.current.choose(column),
    });
  }, [near, row, view, theme, cursor]);

  return (
    <div
      class="plot"
      ref={frame}
      tabIndex={0}
      role="application"
      aria-roledescription={l10n.t('chart')}
      aria-label={l10n.t(
        '{0}: the arrow keys move from version to version, Enter shows the version in the Models view.',
        row.name,
      )}
      {...keys}
    >
      {near && (
        <canvas
          ref={canvas}
          role="img"
          aria-label={l10n.t(
            '{0} of {1} versions, from {2} to {3}',
            row.name,
            view.columns.length,
            view.shortNames[0] ?? '',
            view.shortNames.at(-1) ?? '',
          )}
        />
      )}
      <div class="pointer" ref={pointer} hidden>
        <div class="ring" />
      </div>
    </div>
  );
}
