import * as l10n from '@vscode/l10n';
import { useCallback } from 'preact/hooks';
import { type Draw, ReadableBars } from '../charts/readableBars.tsx';
import { drawHistogram, edgeText } from '../charts/histogram.ts';
import { countText, shareText } from '../format.ts';
import type { Histogram } from './messages.ts';
import { usePage } from './page.ts';

/** How often which values are there. */
export function HistogramChart({ histogram }: { histogram: Histogram }) {
  const { announce } = usePage();
  const { from, to, counts } = histogram;
  const bins = { from, to, count: counts.length };
  const total = counts.reduce((sum, count) => sum + count, 0);
  const draw = useCallback<Draw>(
    (canvas, theme, point) => drawHistogram(canvas, { bins, counts }, theme, point),
    [histogram],
  );
  function textOf(bin: number): string {
    const count = counts[bin] ?? 0;
    const share = shareText(count / (total || 1));
    return l10n.t(
      '{0} to {1}: {2} elements, {3}',
      edgeText(bins, bin),
      edgeText(bins, bin + 1),
      countText(count),
      share,
    );
  }
  return (
    <ReadableBars
      head={<h3>{l10n.t('Histogram')}</h3>}
      label={l10n.t(
        'Histogram of {0} bars from {1} to {2}: the arrow keys read it bar by bar.',
        bins.count,
        edgeText(bins, 0),
        edgeText(bins, bins.count),
      )}
      count={bins.count}
      draw={draw}
      textOf={textOf}
      announce={announce}
    />
  );
}
