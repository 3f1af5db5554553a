import * as l10n from '@vscode/l10n';
import { type DrawnBars, drawBars } from '../charts/barChart.ts';
import { baseAxis, fontOf, valueAxis } from '../charts/chartLook.ts';
import { roughCount } from '../format.ts';
import type { ChartTheme } from '../theme.ts';

export interface TreeSizes {
  readonly leaves: readonly number[];
  readonly depths: readonly number[];
}

/** Leaves as bars, depth as a line over them. */
export function drawTrees(
  canvas: HTMLCanvasElement,
  { leaves, depths }: TreeSizes,
  theme: ChartTheme,
  point: (tree: number | undefined) => void,
): DrawnBars {
  const base = baseAxis(theme);
  const axis = valueAxis(theme, roughCount);
  const counted = { ...axis, beginAtZero: true, ticks: { ...axis.ticks, precision: 0 } };
  return drawBars(
    canvas,
    {
      labels: leaves.map((_, tree) => String(tree)),
      bars: { label: l10n.t('Leaves'), data: [...leaves], yAxisID: 'leaves', categoryPercentage: 0.9 },
      line: {
        label: l10n.t('Depth'),
        data: [...depths],
        yAxisID: 'depth',
        borderColor: theme.series[1],
        backgroundColor: theme.series[1],
        borderWidth: 2,
      },
      scales: {
        x: { ...base, offset: true, ticks: { ...base.ticks, maxTicksLimit: 5 } },
        leaves: { ...counted, position: 'left' },
        depth: { ...counted, position: 'right', grid: { display: false } },
      },
      legend: { labels: { color: theme.foreground, font: fontOf(theme), boxWidth: 12, boxHeight: 12 } },
    },
    theme,
    point,
  );
}
