// Versions as the engine would give them, for the Compare panel.
import type { Metrics, Params } from '../../src/core/facts.ts';
import type { RootedVersion } from '../../src/editor/versionsOfKeys.ts';

export function version(number: number, over: Partial<RootedVersion> = {}): RootedVersion {
  return {
    root: '/work/churn',
    model: 'models/churn.onnx',
    id: number.toString(16).padStart(8, '0').repeat(8),
    size: 1_000_000,
    number,
    time: new Date(Date.UTC(2026, 0, 1) + number * 36e5).toISOString(),
    by: { name: 'Ada' },
    message: '',
    metrics: {},
    params: {},
    tags: [],
    sources: ['recorded'],
    sightings: [],
    ...over,
  };
}

interface Run {
  readonly message: string;
  readonly accuracy: number;
  readonly loss: number;
  readonly lr: number;
  readonly over?: Partial<RootedVersion>;
  readonly more?: Metrics;
}

const runs: readonly Run[] = [
  { message: 'First baseline', accuracy: 0.874, loss: 0.412, lr: 1e-3 },
  { message: 'Clean labels', accuracy: 0.8861, loss: 0.371, lr: 1e-3 },
  { message: 'lr 3e-4, longer warm-up', accuracy: 0.9013, loss: 0.322, lr: 3e-4 },
  { message: 'Drop rare categories', accuracy: 0.9127, loss: 0.298, lr: 3e-4, over: { tags: ['champion'] } },
  { message: 'Larger batch', accuracy: 0.9071, loss: 0.311, lr: 3e-4 },
  { message: 'Try a higher rate', accuracy: 0.8532, loss: 0.587, lr: 3e-3, over: { stage: 'retired' } },
  {
    message: 'Back to 1e-4 with cosine decay',
    accuracy: 0.9312,
    loss: 0.254,
    lr: 1e-4,
    over: { tags: ['v1.2.0'], stage: 'production' },
  },
  {
    message: 'Distilled',
    accuracy: 0.9268,
    loss: 0.2469,
    lr: 1e-4,
    over: { stage: 'staging' },
    more: { 'holdout/f1': 0.887 },
  },
];

/** Eight versions of one model, with a run that failed, tags and stages. */
export const churnVersions: readonly RootedVersion[] = runs.map((run, i) =>
  version(i + 1, {
    message: run.message,
    metrics: {
      accuracy: run.accuracy,
      loss: run.loss,
      latency_ms: 11.4 + Math.sin(i * 2.1) * 1.8,
      epoch: 10 + ((i * 7) % 5),
      diverged_loss: NaN,
      ...run.more,
    },
    params: paramsOf(run.lr, i),
    ...run.over,
  }),
);

function paramsOf(learning_rate: number, i: number): Params {
  return {
    learning_rate,
    batch_size: i < 4 ? 64 : 256,
    optimizer: 'adamw',
    seed: 42,
    augment: i > 2,
    ...(i > 5 && { schedule: 'cosine' }),
  };
}

export const twoModels: readonly RootedVersion[] = [
  ...churnVersions,
  ...[0.82, 0.846, 0.889, 0.9051, 0.911].map((accuracy, i) =>
    version(i + 1, {
      model: 'models/spam.safetensors',
      id: (i + 101).toString(16).padStart(8, '0').repeat(8),
      time: new Date(Date.UTC(2026, 0, 1) + (i * 1.6 + 1.4) * 36e5).toISOString(),
      message: `Spam run ${i + 1}`,
      metrics: { accuracy, loss: 0.52 - i * 0.05 },
      tags: i === 3 ? ['spam-best'] : [],
    }),
  ),
];

export function manyVersions(count: number, metrics: number): RootedVersion[] {
  return Array.from({ length: count }, (_, i) =>
    version(i + 1, {
      message: `Run ${i + 1}`,
      tags: i % 100 === 99 ? [`week-${Math.ceil(i / 100)}`] : [],
      metrics: Object.fromEntries(
        Array.from({ length: metrics }, (_, m) => [
          `${m % 2 === 0 ? 'accuracy' : 'loss'}/task-${m}`,
          (m % 2 === 0 ? 1 - 1 / (2 + i / 90) : 1 / (1 + i / 200)) + Math.sin(i * (m + 1)) * 0.02,
        ]),
      ),
      params: { lr: 1e-3 / (1 + (i % 7)), seed: i },
    }),
  );
}
