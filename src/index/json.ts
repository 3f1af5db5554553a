import type { Metrics } from '../core/facts.ts';

/** JSON has no NaN and no infinities, and metrics do: they are kept as their names. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? String(inner) : inner,
  );
}

export function decodeMetrics(metrics: Readonly<Record<string, number | string>>): Metrics {
  return Object.fromEntries(Object.entries(metrics).map(([name, value]) => [name, Number(value)]));
}
