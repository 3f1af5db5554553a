import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { keyMove } from '../rowKeys.ts';
import { type ChartTheme, useTheme } from '../theme.ts';
import type { DrawnBars } from './barChart.ts';

export type Draw = (
  canvas: HTMLCanvasElement,
  theme: ChartTheme,
  point: (bar: number | undefined) => void,
) => DrawnBars;

interface ReadableBarsProps {
  readonly head: ComponentChildren;
  /** What the chart is, to those who do not see it. */
  readonly label: string;
  readonly count: number;
  /** Draws anew when it is another function than before. */
  readonly draw: Draw;
  textOf(bar: number): string;
  announce(text: string): void;
}

/** A chart of bars that the mouse or the arrow keys read bar by bar. */
export function ReadableBars({ head, label, count, draw, textOf, announce }: ReadableBarsProps) {
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drawn = useRef<DrawnBars | undefined>(undefined);
  const [at, point] = useState<number | undefined>();
  useEffect(() => {
    if (!canvas.current) return undefined;
    const chart = draw(canvas.current, theme, point);
    drawn.current = chart;
    return () => chart.remove();
  }, [draw, theme]);
  useEffect(() => drawn.current?.mark(at), [at, draw, theme]);

  function onKeyDown(event: KeyboardEvent): void {
    const to = keyMove(event.key, at, count);
    if (to === undefined) return;
    event.preventDefault();
    point(to);
    announce(textOf(to));
  }
  return (
    <section class="block">
      {head}
      <div
        class="histogram"
        role="application"
        aria-label={label}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => point(undefined)}
      >
        <canvas ref={canvas} />
      </div>
      <p class="readout muted">{at === undefined ? '\u00a0' : textOf(at)}</p>
    </section>
  );
}
