import { grouped } from './localNumber.ts';

const metricDigits = 4;
const differenceDigits = 3;
/** Enough to tell any two doubles apart. */
const allDigits = 17;
const plainFrom = 1e-4;
const plainTo = 1e12;

/**
 * A metric for people: four significant digits, no digit before the point lost, thousands apart, an exponent where very small or
 * large. Never rounder than the truth: 0.99996 stays below 1, and 1.00004 is `1.000`, not `1`.
 * @param apart how near to others it stands: two that are so far from each other look different
 */
export function formatMetric(value: number, apart = 0): string {
  if (Number.isNaN(value)) return 'NaN';
  const size = Math.abs(value);
  let digits = metricDigits;
  if (isMeasure(apart) && isMeasure(size))
    digits = Math.min(allDigits, Math.max(digits, exponentOf(size) - exponentOf(apart) + 1));
  // Rounding up to the next power of ten tells of something that was not reached.
  while (digits < allDigits && exponentOf(Number(size.toPrecision(digits))) > exponentOf(size)) digits++;
  return (value < 0 ? '-' : '') + formatSize(size, digits);
}

/** A difference to three significant digits, with its sign; `±0` for none. */
export function formatDelta(difference: number): string {
  if (difference === 0) return '±0';
  if (Number.isNaN(difference)) return 'NaN';
  return (difference > 0 ? '+' : '-') + formatSize(Math.abs(difference), differenceDigits);
}

/** A ratio as a difference in percent: 0.125 is `+12.5%`. */
export function formatPercent(ratio: number): string {
  if (ratio === 0) return '±0%';
  if (Number.isNaN(ratio)) return 'NaN';
  return `${ratio > 0 ? '+' : '-'}${formatSize(Math.abs(ratio) * 100, differenceDigits)}%`;
}

function formatSize(size: number, digits: number): string {
  if (size === Infinity) return '∞';
  if (size === 0) return '0';
  if (size < plainFrom || size >= plainTo) {
    const [mantissa = '', exponent = ''] = size.toExponential(digits - 1).split('e');
    const exact = isExact(Number(`${mantissa}e${exponent}`), size);
    return `${exact ? trimZeros(mantissa) : mantissa}e${exponent.replace('+', '')}`;
  }
  const text = size.toFixed(Math.max(0, digits - 1 - exponentOf(size)));
  return grouped(isExact(Number(text), size) ? trimZeros(text) : text);
}

/** Zeros at the end say how far the number was rounded, unless it was not. */
function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** But for the noise of binary fractions. */
function isExact(shown: number, size: number): boolean {
  return Math.abs(shown - size) <= size * 1e-13;
}

function isMeasure(size: number): boolean {
  return size > 0 && size < Infinity;
}

function exponentOf(size: number): number {
  return Number(size.toExponential().split('e')[1]);
}
