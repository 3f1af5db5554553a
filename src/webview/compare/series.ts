import type { PointStyle } from 'chart.js';

/** How the line of each model differs from the others', in colour and without. The diamond is kept for the best. */
export interface SeriesLook {
  readonly color: number;
  readonly dash: readonly number[];
  readonly point: PointStyle;
  /** The point as a character, for the axis and the legend. */
  readonly glyph: string;
}

const points = [
  ['circle', '●'],
  ['triangle', '▲'],
  ['rect', '■'],
  ['crossRot', '×'],
] as const;
const dashes = [[], [7, 4], [2, 3], [9, 3, 2, 3]] as const;
const colors = 6;

export function seriesLook(model: number): SeriesLook {
  const [point, glyph] = points[model % points.length] ?? points[0];
  // Models that share a shape differ in their dashes.
  const dash = dashes[(model + Math.floor(model / points.length)) % dashes.length] ?? [];
  return { color: model % colors, dash, point, glyph };
}
