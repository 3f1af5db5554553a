import { useEffect, useState } from 'preact/hooks';

/** What is drawn on a canvas, where CSS variables do not reach. */
export interface ChartTheme {
  readonly foreground: string;
  readonly muted: string;
  readonly background: string;
  readonly grid: string;
  readonly series: readonly string[];
  readonly fontFamily: string;
}

/** Colours of lines, in the order in which they are given out. */
export const seriesColors = [
  'var(--vscode-charts-blue)',
  'var(--mt-orange)',
  'var(--vscode-charts-purple)',
  'var(--vscode-charts-green)',
  'var(--vscode-charts-yellow)',
  'var(--vscode-charts-red)',
] as const;

export function readTheme(): ChartTheme {
  // Resolves `var()` and `color-mix()`, which a canvas may not know.
  const probe = document.createElement('span');
  probe.hidden = true;
  document.body.append(probe);
  const color = (value: string): string => {
    probe.style.color = '';
    probe.style.color = value;
    return getComputedStyle(probe).color;
  };
  const theme: ChartTheme = {
    foreground: color('var(--vscode-foreground)'),
    muted: color('var(--mt-muted)'),
    background: color('var(--vscode-editor-background)'),
    grid: color('var(--mt-grid)'),
    series: seriesColors.map(color),
    fontFamily: getComputedStyle(document.body).fontFamily,
  };
  probe.remove();
  return theme;
}

/** The theme, anew when the user changes it: VS Code then sets classes on the body and variables on the root element. */
export function useTheme(): ChartTheme {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => {
    const observer = new MutationObserver(() => setTheme(readTheme()));
    observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
  return theme;
}
