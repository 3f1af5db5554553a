/** A metric as somebody types it. JavaScript also takes `0x10`, `Infinity` and nothing at all for numbers. @returns undefined when it is not a number */
export function parseMetricValue(text: string): number | undefined {
  const value = Number(text);
  const isDecimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  return isDecimal && Number.isFinite(value) ? value : undefined;
}
