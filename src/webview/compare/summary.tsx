import { metricText } from '../format.ts';
import { fill } from '../l10n.ts';
import { useCursor } from './cursor.ts';
import type { MetricCardProps } from './metricCard.tsx';
import { columnOf, fullName, marksOf } from './view.ts';
import { deltaText } from './words.ts';

/** Two lines above a chart: of the version that is pointed at in any chart, else the best and the baseline. */
export function Summary(props: MetricCardProps) {
  const column = columnOf(props.view.columns, useCursor(props.cursor));
  return (
    <div class="summary">
      {column === undefined ? <BestAndBaseline {...props} /> : <At {...props} column={column} />}
    </div>
  );
}

function BestAndBaseline({ row, view, strings }: MetricCardProps) {
  const base = view.columns[view.baseline];
  const baseValue = row.values[view.baseline];
  const best = row.best === undefined ? undefined : view.columns[row.best];
  return (
    <>
      {best && row.best !== undefined && (
        <p>
          <span class="diamond" aria-hidden="true" />
          <strong>{metricText(row.values[row.best] ?? NaN, row.apart)}</strong>{' '}
          <span class="muted">{fill(strings.isBest, fullName(view, best))}</span>{' '}
          <Change row={row} column={row.best} />
        </p>
      )}
      {base && baseValue !== undefined && row.best !== view.baseline && (
        <p class="muted">
          <span class="dashes" aria-hidden="true" />
          {metricText(baseValue, row.apart)} {fill(strings.asBaseline, fullName(view, base))}
        </p>
      )}
    </>
  );
}

function At({ row, view, strings, column }: MetricCardProps & { readonly column: number }) {
  const version = view.columns[column];
  const value = row.values[column];
  if (!version) return null;
  return (
    <>
      <p>
        {value === undefined ? (
          <span class="muted">{strings.noValue}</span>
        ) : (
          <strong>{metricText(value, row.apart)}</strong>
        )}{' '}
        <Change row={row} column={column} />
      </p>
      <p class="muted">
        <span class="at">{[fullName(view, version), ...marksOf(version)].join(' · ')}</span> {version.message}
      </p>
    </>
  );
}

function Change({ row, column }: Pick<MetricCardProps, 'row'> & { readonly column: number }) {
  const delta = row.deltas[column];
  return delta ? <span class={`delta ${delta.verdict}`}>{deltaText(delta)}</span> : null;
}
