import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../l10n.ts';
import { useTheme } from '../theme.ts';
import { countText, numberText, shareText } from '../format.ts';
import { drawHistogram, type DrawnHistogram } from './histogramChart.ts';
import type { Histogram } from './messages.ts';
import { usePage } from './page.ts';

/** How often which values are there. The arrow keys read it bar by bar. */
export function HistogramChart({ histogram }: { histogram: Histogram }) {
  const { strings, announce } = usePage();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnHistogram | undefined>(undefined);
  const [bin, setBin] = useState<number | undefined>();
  useEffect(() => {
    if (!canvas.current) return undefined;
    const chart = drawHistogram(canvas.current, histogram, theme, setBin);
    drawn.current = chart;
    return () => chart.remove();
  }, [histogram, theme]);
  useEffect(() => drawn.current?.mark(bin), [bin, histogram, theme]);

  const { from, to, counts } = histogram;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const edge = (index: number): string => numberText(from + ((to - from) * index) / counts.length, 4);
  function textOf(bin: number): string {
    const count = counts[bin] ?? 0;
    return fill(strings.bin, edge(bin), edge(bin + 1), countText(count), shareText(count / (total || 1)));
  }
  function onKeyDown(event: KeyboardEvent): void {
    const last = counts.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(last, (bin ?? -1) + 1),
      ArrowLeft: Math.max(0, (bin ?? counts.length) - 1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setBin(to);
    announce(textOf(to));
  }
  return (
    <section class="block">
      <h3>{strings.histogram}</h3>
      <div
        class="histogram"
        role="application"
        aria-label={fill(strings.histogramLabel, counts.length, edge(0), edge(counts.length))}
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
