import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import type { MetricRow } from '../../core/compare.ts';
import { useTheme } from '../theme.ts';
import { createCursor } from './cursor.ts';
import { Legend } from './legend.tsx';
import { MetricCard } from './metricCard.tsx';
import { type CompareView, hasLine } from './view.ts';

interface ChartsProps {
  readonly view: CompareView;
  reveal(column: number): void;
}

/** A small chart per metric, all over the same versions. */
export function Charts({ view, reveal }: ChartsProps) {
  const theme = useTheme();
  const [cursor] = useState(createCursor);
  const [announced, announce] = useState('');
  if (view.metrics.length === 0) return null;
  const card = (row: MetricRow) => (
    <MetricCard
      key={row.name}
      row={row}
      view={view}
      theme={theme}
      cursor={cursor}
      choose={reveal}
      announce={announce}
    />
  );
  const lines = view.metrics.filter(hasLine);
  const others = view.metrics.filter((row) => !hasLine(row));
  return (
    <section aria-label={l10n.t('Charts')}>
      {view.models.length > 1 && <Legend view={view} />}
      {lines.length > 0 && <div class="cards">{lines.map(card)}</div>}
      {others.length > 0 && <div class="cards small">{others.map(card)}</div>}
      <div class="hidden-text" aria-live="polite">
        {announced}
      </div>
    </section>
  );
}
