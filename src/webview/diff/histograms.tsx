import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { countText, numberText } from '../format.ts';
import { useTheme } from '../theme.ts';
import { drawHistograms } from './histogramsChart.ts';
import type { BothHistograms } from './messages.ts';
import { usePage } from './page.ts';

/** How often which values were there and are now, over each other. The arrow keys read it bar by bar. */
export function BothHistogramsChart({ histograms }: { histograms: BothHistograms }) {
  const { announce } = usePage();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [bin, setBin] = useState<number | undefined>();
  useEffect(() => {
    if (!canvas.current) return undefined;
    return drawHistograms(canvas.current, histograms, theme, setBin);
  }, [histograms, theme]);

  const { from, to, a, b } = histograms;
  const bins = (b ?? a ?? []).length;
  const edge = (index: number): string => numberText(from + ((to - from) * index) / bins, 4);
  function textOf(bin: number): string {
    const count = (counts: readonly number[] | undefined): string =>
      counts === undefined ? '–' : countText(counts[bin] ?? 0);
    return l10n.t('{0} to {1}: {2} before, {3} after', edge(bin), edge(bin + 1), count(a), count(b));
  }
  function onKeyDown(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(bins - 1, (bin ?? -1) + 1),
      ArrowLeft: Math.max(0, (bin ?? bins) - 1),
      Home: 0,
      End: bins - 1,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setBin(to);
    announce(textOf(to));
  }
  return (
    <section class="block">
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
      <div
        class="histogram"
        role="application"
        aria-label={l10n.t(
          'Histograms before and after, of {0} bars from {1} to {2}: the arrow keys read them bar by bar.',
          bins,
          edge(0),
          edge(bins),
        )}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setBin(undefined)}
      >
        <canvas ref={canvas} />
      </div>
      <p class="readout muted">{bin === undefined ? '\u00a0' : textOf(bin)}</p>
    </section>
  );
}
