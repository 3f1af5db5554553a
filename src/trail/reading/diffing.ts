import type { Operation } from '../../core/operation.ts';
import { compareInDepth } from '../../diff/compareInDepth.ts';
import { diffModels } from '../../diff/diffModels.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { TensorComparison, TensorPairNames } from '../../diff/tensorsDiff.ts';
import type { DiffTarget } from '../api/targets.ts';
import type { TrailContext, WithTrail } from '../context.ts';
import { DiffCache } from './diffCache.ts';
import { type OpenSide, openDiffSide } from './diffSides.ts';

/** What changed from one version, working copy or file to another. */
export function diff(
  withTrail: WithTrail,
  a: DiffTarget,
  b: DiffTarget,
  operation: Operation,
): Promise<ModelDiff> {
  return withSides(withTrail, a, b, operation, async (sideA, sideB) => {
    const cache = new DiffCache(sideA.context);
    const known = await cache.get(sideA.key, sideB.key);
    // The same content may be called something else now.
    if (known) return { ...known, a: { ...known.a, name: sideA.name }, b: { ...known.b, name: sideB.name } };
    const found = await diffModels(await sideA.model(), await sideB.model(), operation);
    if (sideA.isWhole() && sideB.isWhole()) await cache.put(sideA.key, sideB.key, found);
    return found;
  });
}

export function tensorDifference(
  withTrail: WithTrail,
  a: DiffTarget,
  b: DiffTarget,
  names: TensorPairNames,
  operation: Operation,
): Promise<TensorComparison> {
  return withSides(withTrail, a, b, operation, async (sideA, sideB) =>
    compareInDepth(await sideA.model(), await sideB.model(), names, operation),
  );
}

interface SideOfTrail extends OpenSide {
  /** The trail that it is of. */
  readonly context: TrailContext;
}

function withSides<T>(
  withTrail: WithTrail,
  a: DiffTarget,
  b: DiffTarget,
  operation: Operation,
  work: (a: SideOfTrail, b: SideOfTrail) => Promise<T>,
): Promise<T> {
  return withSide(withTrail, a, operation, (sideA) =>
    withSide(withTrail, b, operation, (sideB) => work(sideA, sideB)),
  );
}

function withSide<T>(
  withTrail: WithTrail,
  target: DiffTarget,
  operation: Operation,
  work: (side: SideOfTrail) => Promise<T>,
): Promise<T> {
  return withTrail('root' in target ? target.root : undefined, async (context) => {
    const side = await openDiffSide(context, target, operation);
    try {
      return await work({ ...side, context });
    } finally {
      await side.close();
    }
  });
}
