import type { ChartTheme } from '../theme.ts';

/** In CSS pixels. */
const fontSize = 11;

export interface CanvasFont {
  readonly family: string;
  /** In CSS pixels. */
  readonly size: number;
}

/** As large as the element around it, and without movement. */
export const steady = { animation: false, responsive: true, maintainAspectRatio: false } as const;

export function fontOf(theme: ChartTheme): CanvasFont {
  return { family: theme.fontFamily, size: fontSize };
}

/** The axis that the chart stands on, with the labels that it is given. */
export function baseAxis(theme: ChartTheme) {
  return {
    border: { color: theme.grid },
    grid: { display: false },
    ticks: { color: theme.muted, font: fontOf(theme), maxRotation: 0 },
  } as const;
}

/**
 * The axis that is read along the lines of the grid.
 * @param textOf is told how far the lines are apart, too
 */
export function valueAxis(theme: ChartTheme, textOf: (value: number, step: number) => string) {
  return {
    border: { display: false },
    grid: { color: theme.grid, drawTicks: false },
    ticks: {
      color: theme.muted,
      font: fontOf(theme),
      padding: 6,
      maxTicksLimit: 5,
      callback: (value: number | string, _line: number, lines: readonly { readonly value: number }[]) =>
        textOf(Number(value), (lines[1]?.value ?? 0) - (lines[0]?.value ?? 0)),
    },
  } as const;
}

/** Chart.js does not always tell that the mouse is gone. @returns a function that stops it */
export function onLeave(canvas: HTMLCanvasElement, leave: () => void): () => void {
  canvas.addEventListener('mouseleave', leave);
  return () => canvas.removeEventListener('mouseleave', leave);
}
