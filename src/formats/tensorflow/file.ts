import type { ByteCursor } from '../byteCursor.ts';
import { eachField, signed, type Field } from '../protobuf.ts';
import type { GraphNode, GraphValue } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';

/** A model while it is being read. */
export interface TensorflowFile {
  readonly cursor: ByteCursor;
  readonly draft: SummaryDraft;
  readonly nodes: GraphNode[];
  readonly signatures: Map<string, Signature>;
}

export interface Signature {
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
}

const maxName = 16 * 1024;
const maxDimensions = 254;

/** The text of a field; a long one is cut, because it would only fill the memory. */
export async function fieldText(
  { cursor, draft }: Pick<TensorflowFile, 'cursor' | 'draft'>,
  { wireType, start, end }: Field,
): Promise<string> {
  if (wireType !== 2) return '';
  cursor.moveTo(start);
  if (end - start <= maxName) return draft.text(cursor, end - start, maxName);
  return `${await draft.text(cursor, maxName, maxName)}…`;
}

/** A TensorShapeProto: -1 is a dimension of any size. @returns undefined where even their number is not known */
export async function readShape({ cursor }: TensorflowFile, end: number): Promise<number[] | undefined> {
  const shape: number[] = [];
  let known = true;
  await eachField(cursor, end, async (field) => {
    if (field.number === 3 && field.wireType === 0) known = field.value === 0n;
    if (field.number !== 2 || field.wireType !== 2) return;
    let size = 0;
    await eachField(cursor, field.end, ({ number, wireType, value }) => {
      if (number === 1 && wireType === 0) size = Number(signed(value));
    });
    if (shape.length < maxDimensions) shape.push(size);
  });
  return known ? shape : undefined;
}

export function shapeText(shape: readonly number[] | undefined): string {
  return shape ? `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]` : '[...]';
}

/** The entry of a map. */
export async function readEntry(
  file: TensorflowFile,
  end: number,
): Promise<{ readonly key: string; readonly value: Field | undefined }> {
  let key = '';
  let value: Field | undefined;
  await eachField(file.cursor, end, async (field) => {
    if (field.number === 1) key = await fieldText(file, field);
    else if (field.number === 2 && field.wireType === 2) value = field;
  });
  return { key, value };
}
