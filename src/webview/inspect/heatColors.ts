import type { ChartTheme } from '../theme.ts';

type Rgb = readonly [number, number, number];

/** From the least to the greatest, red, green and blue in turn, 0 to 255. */
export type ColorScale = Uint8ClampedArray;

const steps = 256;

/** Blue below zero, orange above, and what is near zero as the page itself: the theme's colours, and told apart by the colour-blind. */
export function colorScale(theme: ChartTheme): ColorScale {
  const [below, above, zero] = [theme.series[0], theme.series[1], theme.background].map(rgbOf);
  const scale = new Uint8ClampedArray(steps * 3);
  if (!below || !above || !zero) return scale;
  for (let step = 0; step < steps; step++) {
    const at = (step / (steps - 1)) * 2 - 1;
    const end = at < 0 ? below : above;
    // The square root shows small differences near zero, where most weights are.
    const part = Math.sqrt(Math.abs(at));
    for (let i = 0; i < 3; i++)
      scale[step * 3 + i] = (zero[i] ?? 0) + ((end[i] ?? 0) - (zero[i] ?? 0)) * part;
  }
  return scale;
}

/** Whatever way a colour is written, a canvas knows what it is. */
export function rgbOf(color: string | undefined): Rgb {
  const context = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  if (!context || color === undefined) return [0, 0, 0];
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return [red, green, blue];
}

/** The magnitude at which colours are full: the greatest, or where a few stand far out, that of the rest. */
export function fullAt(values: Float32Array): { readonly bound: number; readonly clipped: boolean } {
  const sizes = values.filter(Number.isFinite).map(Math.abs).sort();
  const greatest = sizes.at(-1) ?? 0;
  const common = sizes[Math.floor((sizes.length - 1) * 0.99)] ?? 0;
  return common > 0 && greatest > common * 3
    ? { bound: common, clipped: true }
    : { bound: greatest, clipped: false };
}

/** One pixel for each cell; what is no finite number is left to the pattern behind. */
export function paint(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  size: { readonly rows: number; readonly columns: number },
  scale: ColorScale,
  bound: number,
): void {
  canvas.width = size.columns;
  canvas.height = size.rows;
  const context = canvas.getContext('2d');
  if (!context || size.columns === 0 || size.rows === 0) return;
  const image = context.createImageData(size.columns, size.rows);
  for (let cell = 0; cell < values.length; cell++) {
    const value = values[cell] ?? NaN;
    if (!Number.isFinite(value)) continue;
    const part = bound === 0 ? 0 : Math.min(1, Math.max(-1, value / bound));
    const step = Math.round(((part + 1) / 2) * (steps - 1)) * 3;
    image.data[cell * 4] = scale[step] ?? 0;
    image.data[cell * 4 + 1] = scale[step + 1] ?? 0;
    image.data[cell * 4 + 2] = scale[step + 2] ?? 0;
    image.data[cell * 4 + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** The scale as a CSS gradient, for its legend. */
export function gradient(scale: ColorScale, from: number): string {
  const stops: string[] = [];
  for (let i = 0; i <= 16; i++) {
    const step = Math.round((from + (1 - from) * (i / 16)) * (steps - 1)) * 3;
    stops.push(`rgb(${scale[step]} ${scale[step + 1]} ${scale[step + 2]})`);
  }
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}
