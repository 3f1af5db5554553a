import { throwIfCancelled } from '../core/operation.ts';
import type { FormatName } from './formatNames.ts';
import type { RandomAccess } from './randomAccess.ts';
import { readerOf, type ReadContext } from './readers.ts';
import { sniff } from './sniff.ts';
import { readerOfOther } from './readOther.ts';
import type { ModelSummary } from './summary.ts';

export interface ModelDescription {
  readonly format: FormatName;
  /** Where the format can be read. */
  readonly summary?: ModelSummary;
  /** Whether the file reads well as it is: then it stands for itself in a text diff. */
  readonly isText: boolean;
  /** The beginning of a text that is too long for that, where there is no summary either. */
  readonly textPreview?: string;
}

const textFormats: ReadonlySet<FormatName> = new Set([
  'pmml',
  'lightgbm',
  'xgboostJson',
  'lfsPointer',
  'text',
]);
/** More than this VS Code's text diff does not like either. */
const maxText = 5_000_000;
const maxPreview = 64 * 1024;

/** @throws TrailError `cancelled`, or when the bytes cannot be read; never for what they say */
export async function describeModel(
  access: RandomAccess,
  name: string,
  signal: AbortSignal,
  sibling?: ReadContext['sibling'],
): Promise<ModelDescription> {
  const format = await sniff(access, name);
  throwIfCancelled({ signal });
  if (textFormats.has(format) && (await isText(access))) return { format, isText: true };
  const reader = (await readerOf(format)) ?? (textFormats.has(format) ? undefined : readerOfOther(format));
  const summary = await reader?.(access, { name, signal, sibling });
  throwIfCancelled({ signal });
  if (summary || !textFormats.has(format)) return { format, summary, isText: false };
  const beginning = await access.read(0, Math.min(maxPreview, access.size));
  return { format, isText: false, textPreview: decode(beginning, false) };
}

/**
 * What a model says of itself, in whatever form: of a format that is not read what its bytes say, and that it is not.
 * @throws TrailError `cancelled`, or when the bytes cannot be read; never for what they say
 */
export async function summarizeModel(access: RandomAccess, context: ReadContext): Promise<ModelSummary> {
  const format = await sniff(access, context.name);
  throwIfCancelled(context);
  const reader = (await readerOf(format)) ?? readerOfOther(format);
  const summary = await reader(access, context);
  throwIfCancelled(context);
  return summary;
}

async function isText(access: RandomAccess): Promise<boolean> {
  if (access.size > maxText) return false;
  return decode(await access.read(0, access.size), true) !== undefined;
}

/** The whole text of a model for which `isText` holds. */
export async function readText(access: RandomAccess): Promise<string> {
  return decode(await access.read(0, access.size), false) ?? '';
}

function decode(bytes: Uint8Array, fatal: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}
