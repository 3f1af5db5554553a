import type { ParamValue } from '../../core/facts.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { attributesOf } from './objects.ts';
import type { TreeCollector } from './trees.ts';
import type { PyCall, Value } from './values.ts';

/**
 * What a value is to its reader: `plain` is a container's own content, `settings` are hyper-parameters, `fitted` is what an object
 * learned, and of `inner` objects, of which there are many alike, only the tensors matter.
 */
export type Scope = 'plain' | 'settings' | 'fitted' | 'inner';

/** Where a walk puts what it finds. */
export interface Collector {
  readonly draft: SummaryDraft;
  readonly trees: TreeCollector;
  visit(value: Value, path: string, scope: Scope): void;
  /** Takes the tensors that a visit finds for such as are no parameters. */
  untrained(visit: () => void): void;
  /** Adds to the metadata. */
  note(key: string, text: string): void;
  /** Adds to the hyper-parameters. */
  setting(key: string, value: ParamValue): void;
}

/** A step of a pipeline and the like: its name, an object, and perhaps what it applies to. */
export function namedPart(
  value: Value,
): { readonly name: string; readonly value: PyCall; readonly rest?: Value } | undefined {
  const items = typeof value === 'object' && value?.kind === 'tuple' ? value.items : [];
  const [name, part, rest] = items;
  if (typeof name !== 'string' || items.length > 3) return undefined;
  if (typeof part !== 'object' || part?.kind !== 'call' || !attributesOf(part)) return undefined;
  return { name, value: part, rest };
}

export function join(path: string, name: string | number): string {
  return path === '' ? String(name) : `${path}.${name}`;
}
