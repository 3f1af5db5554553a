import type { GraphSummary, GraphValue } from '../formats/summary.ts';
import type { GraphValueChange, Signature } from './structureDiff.ts';

type Dimension = number | string | null;

/** The inputs that differ: breaking where something that a takes cannot be given to b. */
export function diffInputs(a: GraphSummary, b: GraphSummary): GraphValueChange[] {
  // One that b needs and a did not know is missing from every call.
  return diffGraphValues(a.inputs, b.inputs, true);
}

/** The outputs that differ: breaking where something that a gives is not given by b. */
export function diffOutputs(a: GraphSummary, b: GraphSummary): GraphValueChange[] {
  return diffGraphValues(a.outputs, b.outputs, false);
}

export function signatureOf(changes: readonly GraphValueChange[]): Signature {
  if (changes.some(({ breaking }) => breaking)) return 'breaking';
  return changes.length > 0 ? 'compatible' : 'same';
}

function diffGraphValues(
  a: readonly GraphValue[],
  b: readonly GraphValue[],
  addedBreaks: boolean,
): GraphValueChange[] {
  const [valuesA, valuesB] = [a, b].map((values) => new Map(values.map((value) => [value.name, value])));
  const removed = a.filter(({ name }) => !valuesB?.has(name));
  return [
    ...b.flatMap((value): GraphValueChange[] => {
      const before = valuesA?.get(value.name);
      if (!before) return [{ name: value.name, status: 'added', b: textOf(value), breaking: addedBreaks }];
      const [textA, textB] = [textOf(before), textOf(value)];
      if (textA === textB) return [];
      const breaking = isBroken(before, value);
      return [{ name: value.name, status: 'changed', a: textA, b: textB, breaking }];
    }),
    ...removed.map((value): GraphValueChange => ({
      name: value.name,
      status: 'removed',
      a: textOf(value),
      breaking: true,
    })),
  ];
}

function isBroken(a: GraphValue, b: GraphValue): boolean {
  if (a.dtype !== undefined && b.dtype !== undefined && a.dtype !== b.dtype) return true;
  // The same bytes would mean other numbers.
  if (a.quantizer !== b.quantizer) return true;
  const [shapeA, shapeB] = [a.shape, b.shape];
  if (!shapeA || !shapeB) return false;
  return shapeA.length !== shapeB.length || shapeA.some((size, i) => isNarrower(size, shapeB[i] ?? null));
}

/** A fixed size fits where anything does, and nothing else does where another size is fixed. */
function isNarrower(a: Dimension, b: Dimension): boolean {
  return typeof b === 'number' && a !== b && a !== null;
}

/** Such as `F32[batch, 3, 224, 224]`. */
function textOf({ dtype, shape, quantizer }: GraphValue): string {
  const kind = `${dtype ?? '?'}${shape ? `[${shape.map((dimension) => dimension ?? '?').join(', ')}]` : ''}`;
  return quantizer === undefined ? kind : `${kind} ${quantizer}`;
}
