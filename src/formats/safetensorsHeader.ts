import * as l10n from '@vscode/l10n';
import { displayText } from './displayText.ts';
import type { Findings } from './findings.ts';
import { JsonCursor, JsonError, JsonTooLong } from './jsonCursor.ts';
import type { RangedTensor } from './summary.ts';

/** Enough for a hundred thousand tensors; the largest checkpoints hold some ten thousand to a file. */
const maxItems = 1_000_000;
/** As in NumPy. */
const maxDimensions = 64;
const max64 = 2n ** 64n - 1n;

/** Bits of an element. */
const dtypeBits: ReadonlyMap<string, number> = new Map(
  Object.entries({
    BOOL: 8,
    F4: 4,
    F6_E2M3: 6,
    F6_E3M2: 6,
    U8: 8,
    I8: 8,
    F8_E5M2: 8,
    F8_E4M3: 8,
    F8_E8M0: 8,
    F8_E4M3FNUZ: 8,
    F8_E5M2FNUZ: 8,
    I16: 16,
    U16: 16,
    F16: 16,
    BF16: 16,
    I32: 32,
    U32: 32,
    F32: 32,
    C64: 64,
    F64: 64,
    I64: 64,
    U64: 64,
  }),
);

export interface Header {
  readonly metadata: ReadonlyMap<string, string>;
  readonly tensors: readonly RangedTensor[];
  readonly complete: boolean;
}

/** What many tensors of a model have in common. */
type Kind = Pick<RangedTensor, 'dtype' | 'shape'>;

/** Reads the JSON of a safetensors header, which starts at `start` in the file; the data follow it. */
export function readHeader(bytes: Uint8Array, start: number, findings: Findings): Header {
  const cursor = new JsonCursor(bytes, maxItems);
  const metadata = new Map<string, string>();
  const tensors: RangedTensor[] = [];
  const names = new Set<string>();
  const kinds = new Map<string, Kind>();
  const dataStart = start + bytes.length;
  const here = (): number => start + cursor.offset;
  let complete = false;
  try {
    if (cursor.peek() !== 'object') throw new JsonError(cursor.offset);
    if (cursor.offset > 0) findings.warning(l10n.t('The header starts with white space.'), start);
    cursor.object((key, keyOffset) => {
      const offset = start + keyOffset;
      if (names.has(key)) findings.error(l10n.t('The name "{0}" is there twice.', displayText(key)), offset);
      names.add(key);
      if (key === '__metadata__') readMetadata(cursor, metadata, findings, here);
      else {
        const tensor = readTensor(cursor, key, offset, findings);
        if (!tensor) return;
        tensors.push({ ...tensor, ...kindOf(tensor, kinds), byteOffset: dataStart + tensor.byteOffset });
      }
    });
    cursor.skipSpace();
    if (!cursor.atEnd) findings.error(l10n.t('The header goes on after its JSON.'), here());
    complete = true;
  } catch (error) {
    if (error instanceof JsonTooLong) {
      findings.warning(l10n.t('Only the first {0} tensors are read.', tensors.length), here());
    } else if (error instanceof JsonError) {
      findings.error(l10n.t('The header is not valid JSON.'), start + error.offset);
    } else throw error;
  }
  return { metadata, tensors, complete };
}

/** The same for all that are alike: a hundred thousand tensors have a handful of shapes. */
function kindOf({ dtype, shape }: RangedTensor, kinds: Map<string, Kind>): Kind {
  const key = `${dtype} ${shape.join()}`;
  const kind = kinds.get(key) ?? { dtype, shape };
  kinds.set(key, kind);
  return kind;
}

function readMetadata(
  cursor: JsonCursor,
  metadata: Map<string, string>,
  findings: Findings,
  here: () => number,
): void {
  if (cursor.peek() !== 'object') {
    findings.error(l10n.t('The metadata are not an object.'), here());
    return cursor.skipValue();
  }
  cursor.object((key) => {
    const kind = cursor.peek();
    const offset = here();
    if (metadata.has(key))
      findings.error(l10n.t('The metadata "{0}" are there twice.', displayText(key)), offset);
    if (kind === 'string') {
      metadata.set(key, cursor.string());
    } else {
      findings.error(l10n.t('The metadata "{0}" are not a string.', displayText(key)), offset);
      cursor.skipValue();
    }
  });
}

interface Entry {
  dtype?: string;
  shape?: readonly string[];
  range?: readonly string[];
}

/** Its offset counts from the start of the data. */
function readTensor(
  cursor: JsonCursor,
  name: string,
  offset: number,
  findings: Findings,
): RangedTensor | undefined {
  const shown = displayText(name);
  if (cursor.peek() !== 'object') {
    findings.error(l10n.t('The entry "{0}" is not a tensor.', shown), offset);
    cursor.skipValue();
    return undefined;
  }
  const entry: Entry = {};
  cursor.object((key) => {
    const kind = cursor.peek();
    if (key === 'dtype' && kind === 'string' && entry.dtype === undefined) entry.dtype = cursor.string();
    else if (key === 'shape' && kind === 'array' && entry.shape === undefined)
      entry.shape = readNumbers(cursor);
    else if (key === 'data_offsets' && kind === 'array' && entry.range === undefined)
      entry.range = readNumbers(cursor);
    else {
      cursor.skipValue();
      const message = l10n.t('The tensor "{0}" has an unexpected "{1}".', shown, displayText(key));
      if (key === 'dtype' || key === 'shape' || key === 'data_offsets') findings.error(message, offset);
      else findings.warning(message, offset);
    }
  });
  return checkTensor(name, entry, (message) => findings.error(message, offset));
}

/** Digits stay text until they are known to be a whole number that fits. Numbers past the longest valid list are not kept. */
function readNumbers(cursor: JsonCursor): string[] {
  const numbers: string[] = [];
  cursor.array(() => {
    let text = '';
    if (cursor.peek() === 'number') text = cursor.number();
    else cursor.skipValue();
    if (numbers.length <= maxDimensions) numbers.push(text);
  });
  return numbers;
}

function checkTensor(name: string, entry: Entry, error: (message: string) => void): RangedTensor | undefined {
  const shown = displayText(name);
  const { dtype, shape, range } = entry;
  if (dtype === undefined || shape === undefined || range === undefined) {
    error(l10n.t('The tensor "{0}" lacks its type, shape or offsets.', shown));
    return undefined;
  }
  const [begin, end] = range.map(wholeNumber);
  if (range.length !== 2 || begin === undefined || end === undefined || end < begin) {
    error(l10n.t('The offsets of the tensor "{0}" are not a range of bytes.', shown));
    return undefined;
  }
  const dimensions = shape.map(wholeNumber);
  const elements = shape.length > maxDimensions ? undefined : product(dimensions);
  const bits = dtypeBits.get(dtype);
  if (elements === undefined) error(l10n.t('The shape of the tensor "{0}" is not valid.', shown));
  if (bits === undefined)
    error(l10n.t('The tensor "{0}" has the unknown type "{1}".', shown, displayText(dtype)));
  if (elements !== undefined && bits !== undefined) {
    const needed = elements * BigInt(bits);
    if (needed !== (end - begin) * 8n) {
      error(
        l10n.t(
          'The tensor "{0}" has {1} bytes, but its shape and type need {2} bits.',
          shown,
          String(end - begin),
          String(needed),
        ),
      );
    }
  }
  return {
    name,
    dtype,
    shape: dimensions.map((dimension) => Number(dimension ?? Number.NaN)),
    byteOffset: Number(begin),
    byteLength: Number(end - begin),
  };
}

function wholeNumber(text: string): bigint | undefined {
  // 20 digits hold every 64-bit number; a longer one would only cost time.
  if (!/^\d{1,20}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value <= max64 ? value : undefined;
}

function product(dimensions: readonly (bigint | undefined)[]): bigint | undefined {
  let elements = 1n;
  for (const dimension of dimensions) {
    if (dimension === undefined) return undefined;
    elements *= dimension;
    if (elements > max64) return undefined;
  }
  return elements;
}
