import type { Operation } from '../core/operation.ts';
import type { ModelUsage, TrailUsage } from './api.ts';
import type { TrailContext } from './context.ts';

/** What the recorded versions take in the store, and the store as a whole. */
export async function usage({ catalogue, store }: TrailContext, operation: Operation): Promise<TrailUsage> {
  const shares = await store.shares(operation);
  const models = catalogue.models().flatMap((model): ModelUsage[] => {
    const here = catalogue
      .versionsOf(model)
      .filter(({ id, number }) => number !== undefined && shares.sizes.has(id));
    if (here.length === 0) return [];
    return [
      {
        model,
        versions: here.map((version) => ({
          version,
          stored: shares.stored([version.id]),
          own: shares.own([version.id]),
        })),
        size: here.reduce((sum, { size }) => sum + size, 0),
        stored: shares.stored(here.map(({ id }) => id)),
      },
    ];
  });
  const size = [...shares.sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
  return { folder: store.directory, models, size, stored: shares.total };
}
