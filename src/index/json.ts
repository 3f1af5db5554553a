import type { Metrics } from '../core/facts.ts';

/** JSON has no NaN and no infinities, and metrics do: they are kept as their names. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
}

export function decodeMetrics(metrics: Readonly<Record<string, number | string>>): Metrics {
  // Nearly always they are numbers, and there are many.
  if (areNumbers(metrics)) return metrics;
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
}

function areNumbers(metrics: Readonly<Record<string, number | string>>): metrics is Metrics {
  return Object.values(metrics).every((value) => typeof value === 'number');
}
