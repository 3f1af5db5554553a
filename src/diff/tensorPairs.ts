import { quantizerText } from '../formats/quantizerText.ts';
import type { TensorInfo } from '../formats/summary.ts';
import { groupBy } from '../core/groupBy.ts';
import { prefixesOf } from './namePrefixes.ts';
import { mostSimilar } from './similarNames.ts';

/** Two tensors of which each is taken for what became of the other. */
export interface TensorPair {
  readonly a: TensorInfo;
  readonly b: TensorInfo;
  /** How it was found, where the names differ. */
  readonly renamed?: 'content' | 'name' | 'prefix';
}

export interface Pairing {
  readonly pairs: readonly TensorPair[];
  readonly removed: readonly TensorInfo[];
  readonly added: readonly TensorInfo[];
  /** Of all names, where the sides differ in it. */
  readonly prefix?: { readonly a: string; readonly b: string };
}

/**
 * Those without a partner of the same name, of one type and shape. Only such are taken for renamed ones: a tensor that was given a new name and
 * a new type or shape in one go is shown as removed and added.
 */
interface Group {
  readonly removed: TensorInfo[];
  readonly added: TensorInfo[];
}

/** A hash of a tensor's content; undefined where its bytes cannot be had. */
export type ContentHash = (side: 'a' | 'b', tensor: TensorInfo) => Promise<string | undefined>;

/** Pairs tensors by name, or what is left of it without the prefix of all names; then the rest by content, then by similar names. */
export async function pairTensors(
  a: readonly TensorInfo[],
  b: readonly TensorInfo[],
  contentHash: ContentHash,
): Promise<Pairing> {
  const named = pairByName(a, b);
  const byContent = await pairByContent(groupsOf(named), contentHash);
  const rest = without(named, byContent);
  const byName = groupsOf(rest).flatMap(({ removed, added }) =>
    mostSimilar(removed, added).map(({ a, b }): TensorPair => ({ a, b, renamed: 'name' })),
  );
  return { ...without(rest, byName), pairs: [...named.pairs, ...byContent, ...byName], prefix: named.prefix };
}

function pairByName(a: readonly TensorInfo[], b: readonly TensorInfo[]): Pairing {
  const left = new Map(a.map((tensor) => [tensor.name, tensor]));
  const pairs: TensorPair[] = [];
  const pairOff = (tensor: TensorInfo, name: string, renamed?: 'prefix'): boolean => {
    const other = left.get(name);
    if (other) pairs.push({ a: other, b: tensor, ...(renamed && { renamed }) });
    return left.delete(name);
  };
  let added = b.filter((tensor) => !pairOff(tensor, tensor.name));
  const namesOf = (tensors: readonly TensorInfo[]): Set<string> => new Set(tensors.map(({ name }) => name));
  // No prefix explains more than names that are all there on the other side.
  const prefix = left.size > 0 && added.length > 0 ? prefixesOf(namesOf(a), namesOf(b)) : undefined;
  if (prefix) {
    added = added.filter((tensor) => {
      const { name } = tensor;
      return !(
        name.startsWith(prefix.b) && pairOff(tensor, prefix.a + name.slice(prefix.b.length), 'prefix')
      );
    });
  }
  return { pairs, removed: [...left.values()], added, prefix };
}

function without(pairing: Pairing, found: readonly TensorPair[]): Pairing {
  const paired = new Set(found.flatMap(({ a, b }) => [a, b]));
  const isLeft = (tensor: TensorInfo): boolean => !paired.has(tensor);
  return { ...pairing, removed: pairing.removed.filter(isLeft), added: pairing.added.filter(isLeft) };
}

function groupsOf({ removed, added }: Pairing): Group[] {
  const groups = new Map<string, Group>();
  const groupOf = ({ dtype, shape, quantizer }: TensorInfo): Group => {
    const key = `${dtype} ${shape.join(',')} ${quantizer ? quantizerText(quantizer) : ''}`;
    const group = groups.get(key) ?? { removed: [], added: [] };
    groups.set(key, group);
    return group;
  };
  for (const tensor of removed) groupOf(tensor).removed.push(tensor);
  for (const tensor of added) groupOf(tensor).added.push(tensor);
  return [...groups.values()].filter((group) => group.removed.length > 0 && group.added.length > 0);
}

async function pairByContent(groups: readonly Group[], contentHash: ContentHash): Promise<TensorPair[]> {
  const hashes = new Map<TensorInfo, string | undefined>();
  for (const side of ['a', 'b'] as const) {
    const tensors = groups.flatMap((group) => (side === 'a' ? group.removed : group.added));
    // In the order of their bytes, which is how they are read fastest.
    for (const tensor of tensors.toSorted((a, b) => (a.byteOffset ?? 0) - (b.byteOffset ?? 0))) {
      hashes.set(tensor, await contentHash(side, tensor));
    }
  }
  return groups.flatMap((group) => {
    const added = groupBy(group.added, (tensor) => hashes.get(tensor));
    return [...groupBy(group.removed, (tensor) => hashes.get(tensor))].flatMap(([hash, removed]) => {
      if (hash === undefined) return [];
      // Several may be equal, all zeros for example: then the names tell, and the order where they do not.
      const equal = added.get(hash) ?? [];
      const similar = mostSimilar(removed, equal);
      const paired = new Set(similar.flatMap(({ a, b }) => [a, b]));
      const [restA, restB] = [removed, equal].map((side) => side.filter((tensor) => !paired.has(tensor)));
      const inOrder = (restA ?? []).flatMap((a, index) => {
        const b = restB?.[index];
        return b ? [{ a, b }] : [];
      });
      return [...similar, ...inOrder].map(({ a, b }): TensorPair => ({ a, b, renamed: 'content' }));
    });
  });
}
