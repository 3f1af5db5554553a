import type { Operation } from '../core/operation.ts';
import { compareInDepth } from '../diff/compareInDepth.ts';
import { diffModels } from '../diff/diffModels.ts';
import type { ModelDiff } from '../diff/modelDiff.ts';
import type { TensorComparison, TensorPairNames } from '../diff/tensorsDiff.ts';
import type { DiffTarget } from './api/targets.ts';
import type { TrailContext } from './context.ts';
import { DiffCache } from './diffCache.ts';
import { type DiffSide, openDiffSide } from './diffSides.ts';

/** What changed from one version, working copy or file to another. */
export function diff(
  context: TrailContext,
  a: DiffTarget,
  b: DiffTarget,
  operation: Operation,
): Promise<ModelDiff> {
  return withSides(context, a, b, operation, async (sideA, sideB) => {
    const cache = new DiffCache(context);
    const known = await cache.get(sideA.key, sideB.key);
    // The same content may be called something else now.
    if (known) return { ...known, a: { ...known.a, name: sideA.name }, b: { ...known.b, name: sideB.name } };
    const found = await diffModels(await sideA.model(), await sideB.model(), operation);
    if (sideA.isWhole() && sideB.isWhole()) await cache.put(sideA.key, sideB.key, found);
    return found;
  });
}

export function tensorDifference(
  context: TrailContext,
  a: DiffTarget,
  b: DiffTarget,
  names: TensorPairNames,
  operation: Operation,
): Promise<TensorComparison> {
  return withSides(context, a, b, operation, async (sideA, sideB) =>
    compareInDepth(await sideA.model(), await sideB.model(), names, operation),
  );
}

async function withSides<T>(
  context: TrailContext,
  a: DiffTarget,
  b: DiffTarget,
  operation: Operation,
  work: (a: DiffSide, b: DiffSide) => Promise<T>,
): Promise<T> {
  const sideA = await openDiffSide(context, a, operation);
  try {
    const sideB = await openDiffSide(context, b, operation);
    try {
      return await work(sideA, sideB);
    } finally {
      await sideB.close();
    }
  } finally {
    await sideA.close();
  }
}
