import { formatBytes } from '../core/formatBytes.ts';
import { formatDelta, formatMetric, formatPercent } from '../core/formatNumber.ts';
import { grouped, localNumber } from '../core/localNumber.ts';

const language = document.documentElement.lang || 'en';
const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumSignificantDigits: 3 });
const percentage = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });

/** `80,315,904` */
export function countText(count: number): string {
  return inLanguage(grouped(String(count)));
}

/** `80.3M` */
export function roughCount(count: number): string {
  return compact.format(count);
}

export function bytesText(bytes: number): string {
  return formatBytes(bytes, language);
}

/** Never rounder than the truth: what is there is not 0 %, and what is not all is not 100 %. */
export function shareText(share: number): string {
  if (share > 0 && share < 0.0001) return `< ${percentage.format(0.0001)}`;
  if (share < 1 && share > 0.995) return `> ${percentage.format(0.99)}`;
  return percentage.format(share);
}

/** As NumPy writes it, with `×`, which is easier to read: `4096 × 14336`. */
export function shapeText(shape: readonly (number | string | null)[], scalar: string): string {
  if (shape.length === 0) return scalar;
  return shape.map((dimension) => dimension ?? '?').join(' × ');
}

/** An element or a figure made of elements, in as many digits as tell something. */
export function numberText(value: number, digits = 6): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) {
    return Math.abs(value) < 1e15 ? countText(value) : exactText(value);
  }
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) {
    return inLanguage(value.toExponential(digits - 1).replace(/\.?0+e/, 'e'));
  }
  return inLanguage(grouped(String(Number(value.toPrecision(digits)))));
}

/** With all its digits. */
export function exactText(value: number): string {
  return inLanguage(String(value));
}

/** @param apart how near to others it stands: two that are so far from each other look different */
export function metricText(value: number, apart?: number): string {
  return inLanguage(formatMetric(value, apart));
}

export function differenceText(difference: number): string {
  return inLanguage(formatDelta(difference));
}

export function changeText(ratio: number): string {
  return inLanguage(formatPercent(ratio));
}

/** A number that was written as English does. */
export function inLanguage(text: string): string {
  return localNumber(text, language);
}
