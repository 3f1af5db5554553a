import { type ComparedEntry, relativeL2Of } from './entries.ts';
import { groupBy } from '../core/groupBy.ts';
import type { ModuleDiff, TensorStatus } from './tensorsDiff.ts';

/** The modules, in the order of their first tensors. */
export function diffModules(entries: readonly ComparedEntry[]): ModuleDiff[] {
  return [...groupBy(entries, ({ entry }) => entry.module)].map(([module, members]) => {
    const count = (status: TensorStatus): number =>
      members.filter(({ entry }) => entry.status === status).length;
    const frozen = members.every(({ entry }) => entry.frozen && entry.status === 'same');
    return {
      module,
      tensors: members.length,
      added: count('added'),
      removed: count('removed'),
      changed: count('changed'),
      unknown: count('unknown'),
      elements: members.reduce((sum, { entry }) => sum + ((entry.b ?? entry.a)?.elements ?? 0), 0),
      relativeL2: frozen ? 0 : relativeL2Of(members),
      frozen,
    };
  });
}
