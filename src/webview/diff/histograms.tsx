import * as l10n from '@vscode/l10n';
import { useCallback } from 'preact/hooks';
import { type Draw, ReadableBars } from '../charts/readableBars.tsx';
import { drawHistogram, edgeText } from '../charts/histogram.ts';
import { countText } from '../format.ts';
import type { BothHistograms } from './messages.ts';
import { usePage } from './page.ts';

/** How often which values were there and are now, over each other. */
export function BothHistogramsChart({ histograms }: { histograms: BothHistograms }) {
  const { announce } = usePage();
  const { from, to, a, b } = histograms;
  const bins = { from, to, count: (b ?? a ?? []).length };
  const draw = useCallback<Draw>(
    (canvas, theme, point) => drawHistogram(canvas, { bins, counts: b ?? [], before: a ?? [] }, theme, point),
    [histograms],
  );
  function textOf(bin: number): string {
    const count = (counts: readonly number[] | undefined): string =>
      counts === undefined ? '–' : countText(counts[bin] ?? 0);
    return l10n.t(
      '{0} to {1}: {2} before, {3} after',
      edgeText(bins, bin),
      edgeText(bins, bin + 1),
      count(a),
      count(b),
    );
  }
  return (
    <ReadableBars
      head={
        <div class="block-head">
          <h3>{l10n.t('Histogram')}</h3>
          {a && (
            <span class="chart-key">
              <span class="line" aria-hidden="true" /> {l10n.t('Before')}
            </span>
          )}
          {b && (
            <span class="chart-key">
              <span class="area" aria-hidden="true" /> {l10n.t('After')}
            </span>
          )}
        </div>
      }
      label={l10n.t(
        'Histograms before and after, of {0} bars from {1} to {2}: the arrow keys read them bar by bar.',
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
