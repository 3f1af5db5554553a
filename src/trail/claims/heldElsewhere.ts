import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ContentId } from '../../core/facts.ts';
import { fold, isGivenUp } from '../../core/fold.ts';
import type { HeldElsewhere } from '../../core/keepRules.ts';
import type { Operation } from '../../core/operation.ts';
import type { TrailContext } from '../context.ts';
import { type SaidElsewhere, saidElsewhere } from './places.ts';

/**
 * Says what has a content tagged, in a stage or in use elsewhere; of several places that say the same, the first. Models are not looked at:
 * they may have been moved there.
 * @throws TrailError `cancelled`, `io`
 */
export async function heldElsewhere(
  context: TrailContext,
  operation: Pick<Operation, 'signal'>,
): Promise<(id: ContentId) => readonly HeldElsewhere[]> {
  const places = await saidElsewhere(context, operation);
  if (!places) return () => [{ kind: 'unknown' }];
  const held = new Map<ContentId, HeldElsewhere[]>();
  for (const place of places) {
    for (const [id, reason] of heldAt(place)) {
      const known = held.get(id) ?? [];
      held.set(id, known);
      if (!known.some((other) => isSame(other, reason))) known.push(reason);
    }
  }
  return (id) => held.get(id) ?? [];
}

function* heldAt({ where, facts }: SaidElsewhere): Generator<readonly [ContentId, HeldElsewhere]> {
  const { models, factsOf, renames } = fold(facts);
  for (const [model, { versions, tags, head }] of models) {
    for (const [name, id] of tags) {
      const version = versions.get(id);
      if (version && !isGivenUp(version)) yield [id, { kind: 'taggedElsewhere', name, where }];
    }
    for (const version of versions.values()) {
      if (version.stage === undefined || isGivenUp(version)) continue;
      yield [version.id, { kind: 'stagedElsewhere', name: version.stage, where }];
    }
    // A folder has no copy of what Git ignores before somebody puts one there.
    if (!('folder' in where)) continue;
    const { folder } = where;
    // Its file may have another path by now.
    const paths = new Set([model]);
    for (const name of paths) for (const { to } of renames.get(name) ?? []) paths.add(to);
    if (![...paths].some((name) => existsSync(path.join(folder, name)))) continue;
    const rollback = factsOf.get(model)?.findLast((fact) => fact.kind === 'rolledBack');
    for (const id of [head, rollback?.from]) if (id != null) yield [id, { kind: 'inUseElsewhere', where }];
  }
}

function isSame(a: HeldElsewhere, b: HeldElsewhere): boolean {
  return a.kind === b.kind && ('name' in a ? a.name : '') === ('name' in b ? b.name : '');
}
