/**
 * A metric as somebody types it, or Python prints it: decimal, or `nan`, `inf`, `-inf`, which are what a run came to that diverged.
 * JavaScript also takes `0x10` and nothing at all for numbers.
 * @returns undefined when it is not a number, or too large for one
 */
export function parseMetricValue(text: string): number | undefined {
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text) ?? [];
  if (word !== undefined) return /nan/i.test(word) ? NaN : sign === '-' ? -Infinity : Infinity;
  const value = Number(text);
  const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return isDecimal && Number.isFinite(value) ? value : undefined;
}
