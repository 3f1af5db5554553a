import { throwIfCancelled } from '../core/operation.ts';
import type { FormatName } from './formatNames.ts';
import type { RandomAccess } from './randomAccess.ts';
import { readerOf } from './readers.ts';
import { sniff } from './sniff.ts';
import type { ModelSummary } from './summary.ts';

export interface ModelDescription {
  readonly format: FormatName;
  /** Where the format can be read. */
  readonly summary?: ModelSummary;
  /** Whether the file reads well as it is: then it stands for itself in a text diff. */
  readonly isText: boolean;
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

/** @throws TrailError `cancelled`, or when the bytes cannot be read; never for what they say */
export async function describeModel(
  access: RandomAccess,
  name: string,
  signal: AbortSignal,
): Promise<ModelDescription> {
  const format = await sniff(access, name);
  throwIfCancelled({ signal });
  if (textFormats.has(format) && (await isText(access))) return { format, isText: true };
  const reader = await readerOf(format);
  const summary = await reader?.(access, { name, signal });
  throwIfCancelled({ signal });
  return { format, summary, isText: false };
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
