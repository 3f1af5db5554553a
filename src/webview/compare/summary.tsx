import * as l10n from '@vscode/l10n';
import { metricText } from '../format.ts';
import { marksOf } from '../marks.ts';
import { useCursor } from './cursor.ts';
import type { MetricCardProps } from './metricCard.tsx';
import { columnOf, fullName } from './view.ts';
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

function BestAndBaseline({ row, view }: MetricCardProps) {
  const base = view.columns[view.baseline];
  const baseValue = row.values[view.baseline];
  const best = row.best === undefined ? undefined : view.columns[row.best];
  return (
    <>
      {best && row.best !== undefined && (
        <p>
          <span class="diamond" aria-hidden="true" />
          <strong>{metricText(row.values[row.best] ?? NaN, row.apart)}</strong>{' '}
          <span class="muted">{l10n.t('{0} best', fullName(view, best))}</span>{' '}
          <Change row={row} column={row.best} />
        </p>
      )}
      {base && baseValue !== undefined && row.best !== view.baseline && (
        <p class="muted">
          <span class="dashes" aria-hidden="true" />
          {metricText(baseValue, row.apart)} {l10n.t('{0} baseline', fullName(view, base))}
        </p>
      )}
    </>
  );
}

function At({ row, view, column }: MetricCardProps & { readonly column: number }) {
  const version = view.columns[column];
  const value = row.values[column];
  if (!version) return null;
  return (
    <>
      <p>
        {value === undefined ? (
          <span class="muted">{l10n.t('no value')}</span>
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
