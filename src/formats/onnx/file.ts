import type { ByteCursor } from '../byteCursor.ts';
import type { Field } from '../protobuf.ts';
import type { GraphNode, TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { ExternalFiles } from './externalData.ts';

/** A graph or function that was passed over to be read later, so that graphs within graphs cost no stack. */
export interface Pending {
  readonly kind: 'graph' | 'function';
  readonly start: number;
  readonly end: number;
  /** Stands in front of the names in it. */
  readonly prefix: string;
  readonly depth: number;
}

/** A model while it is being read. */
export interface OnnxFile {
  readonly cursor: ByteCursor;
  readonly draft: SummaryDraft;
  readonly nodes: GraphNode[];
  readonly pending: Pending[];
  /** `domain:name` of those that the model brings along. */
  readonly functions: Set<string>;
  /** By `domain:operator`, where operators are used that do not belong to ONNX. */
  readonly custom: Map<string, number>;
  readonly external: ExternalFiles;
  /** What counts as parameters: initializers, and what Constants hold. */
  readonly weights: TensorInfo[];
}

/** Longer names are cut: they would only fill the memory. */
const maxName = 16 * 1024;

/** The text of a field; empty where it is none. */
export async function fieldText(
  { cursor, draft }: OnnxFile,
  { wireType, start, end }: Field,
  max = maxName,
): Promise<string> {
  if (wireType !== 2) return '';
  cursor.moveTo(start);
  if (end - start <= max) return draft.text(cursor, end - start, max);
  return `${await draft.text(cursor, max, max)}…`;
}
