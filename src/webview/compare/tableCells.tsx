import * as l10n from '@vscode/l10n';
import type { MetricRow } from '../../core/compare.ts';
import { exactText, metricText } from '../format.ts';
import { marksOf } from '../marks.ts';
import { seriesLook } from './series.ts';
import type { TableProps } from './table.tsx';
import { fullName, type ParamValues } from './view.ts';
import { deltaText, directionWord, verdictWord } from './words.ts';

interface CellProps extends TableProps {
  readonly column: number;
}

export function VersionHeader({ column, view, selected, setBaseline, reveal }: CellProps) {
  const version = view.columns[column];
  if (!version) return null;
  const name = fullName(view, version);
  const isBaseline = column === view.baseline;
  const label = isBaseline ? l10n.t('{0} is the baseline', name) : l10n.t('Use {0} as the baseline', name);
  const marks = marksOf(version);
  return (
    <th
      scope="col"
      class={classes({ baseline: isBaseline, selected: column === selected })}
      aria-colindex={column + 2}
    >
      <div class="version">
        <button
          class="link"
          title={l10n.t('Show {0} in the Models view', name)}
          onClick={() => reveal(column)}
        >
          {view.models.length > 1 && <span aria-hidden="true">{seriesLook(version.model).glyph} </span>}
          {version.name}
        </button>
        <button
          class="pick"
          aria-pressed={isBaseline}
          aria-label={label}
          title={label}
          onClick={() => setBaseline(column)}
        >
          {isBaseline ? l10n.t('Baseline') : '◎'}
        </button>
      </div>
      {view.models.length > 1 && (
        <div class="line muted" title={view.models[version.model]?.path}>
          {view.models[version.model]?.label}
        </div>
      )}
      <div class="line muted" title={version.message}>
        {version.message.split('\n')[0]}
      </div>
      {marks.length > 0 && (
        <div class="line marks" title={marks.join(', ')}>
          {version.tags.map((tag) => (
            <span key={tag} class="mark">
              {tag}
            </span>
          ))}
          {version.stage !== undefined && <span class="mark stage">{version.stage}</span>}
        </div>
      )}
    </th>
  );
}

export function MetricName({ row }: { row: MetricRow }) {
  const direction = directionWord(row);
  return (
    <th scope="row">
      <span class="name" title={direction === undefined ? row.name : `${row.name}: ${direction}`}>
        {row.name}
        {direction !== undefined && (
          <span class="muted">
            <span aria-hidden="true">{row.direction === 'higher' ? ' ↑' : ' ↓'}</span>
            <span class="hidden-text">, {direction}</span>
          </span>
        )}
      </span>
    </th>
  );
}

export function MetricCell({ row, column, view, selected }: CellProps & { readonly row: MetricRow }) {
  const value = row.values[column];
  const isBest = column === row.best;
  const look = classes({
    number: true,
    best: isBest,
    baseline: column === view.baseline,
    selected: column === selected,
  });
  if (value === undefined) return <NoValue look={look} column={column} />;
  const delta = row.deltas[column];
  return (
    <td class={look} aria-colindex={column + 2}>
      <span class="value" title={exactText(value)}>
        {isBest && <span class="diamond" aria-hidden="true" />}
        {metricText(value, row.apart)}
        {isBest && <span class="hidden-text">, {l10n.t('best')}</span>}
      </span>
      {delta && (
        <span class={`delta ${delta.verdict}`}>
          {deltaText(delta)}
          {delta.verdict !== 'unknown' && <span class="hidden-text">, {verdictWord(delta.verdict)}</span>}
        </span>
      )}
    </td>
  );
}

export function ParamName({ row }: { row: ParamValues }) {
  return (
    <th scope="row">
      <span
        class="name"
        title={row.differs ? `${row.name}: ${l10n.t('The versions differ in this param.')}` : row.name}
      >
        {row.name}
        {row.differs && (
          <span class="muted">
            <span aria-hidden="true"> ≠</span>
            <span class="hidden-text">, {l10n.t('The versions differ in this param.')}</span>
          </span>
        )}
      </span>
    </th>
  );
}

export function ParamCell({ row, column, view, selected }: CellProps & { readonly row: ParamValues }) {
  const value = row.values[column];
  const look = classes({
    param: true,
    changed: value !== row.values[view.baseline],
    baseline: column === view.baseline,
    selected: column === selected,
  });
  if (value == null) return <NoValue look={look} column={column} />;
  return (
    <td class={look} aria-colindex={column + 2}>
      <span class="value" title={value}>
        {value}
      </span>
    </td>
  );
}

function NoValue({ look, column }: { look: string; column: number }) {
  return (
    <td class={look} aria-colindex={column + 2}>
      <span class="muted" aria-hidden="true">
        –
      </span>
      <span class="hidden-text">{l10n.t('no value')}</span>
    </td>
  );
}

function classes(names: Readonly<Record<string, boolean>>): string {
  return Object.keys(names)
    .filter((name) => names[name])
    .join(' ');
}
