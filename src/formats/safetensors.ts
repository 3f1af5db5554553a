import { isUtf8 } from 'node:buffer';
import * as l10n from '@vscode/l10n';
import { displayText } from './displayText.ts';
import { Findings } from './findings.ts';
import { countParameters } from './parameters.ts';
import type { RandomAccess } from './randomAccess.ts';
import { readHeader } from './safetensorsHeader.ts';
import type { ModelSummary, RangedTensor } from './summary.ts';

const lengthBytes = 8;
/** What the reference reader accepts. */
const maxHeader = 100_000_000;

export interface SafetensorsSummary extends ModelSummary {
  readonly tensors: readonly RangedTensor[];
}

/**
 * Reads the header of a safetensors file and checks it by every rule of the reference reader. Whatever is wrong with the file
 * becomes a finding; what can be shown is shown. Memory: the header, and a record per tensor.
 */
export async function readSafetensors(access: RandomAccess): Promise<SafetensorsSummary> {
  const findings = new Findings();
  const length = await headerLength(access, findings);
  if (length === undefined) return summary(new Map(), [], findings, false);
  const bytes = await access.read(lengthBytes, length);
  if (!isUtf8(bytes)) findings.error(l10n.t('The header is not UTF-8.'), lengthBytes);
  const header = readHeader(bytes, lengthBytes, findings);
  const tensors = header.tensors.toSorted(
    (a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength,
  );
  // Of half a table nothing can be said of what is missing in between.
  const complete = header.complete && checkLayout(tensors, lengthBytes + length, access.size, findings);
  return summary(header.metadata, tensors, findings, complete);
}

function summary(
  metadata: ReadonlyMap<string, string>,
  tensors: readonly RangedTensor[],
  findings: Findings,
  complete: boolean,
): SafetensorsSummary {
  const parameters = complete ? countParameters(tensors) : undefined;
  return {
    format: 'safetensors',
    parameters,
    metadata,
    hyperparameters: new Map(),
    tensors,
    findings: findings.list(),
    complete,
  };
}

async function headerLength(access: RandomAccess, findings: Findings): Promise<number | undefined> {
  if (access.size < lengthBytes) {
    findings.error(l10n.t('The file is too short to be a safetensors file: {0} bytes.', access.size), 0);
    return undefined;
  }
  const length = Buffer.from(await access.read(0, lengthBytes)).readBigUInt64LE(0);
  if (length > BigInt(maxHeader)) {
    findings.error(
      l10n.t('The header length of {0} bytes is more than the format allows.', String(length)),
      0,
    );
    return undefined;
  }
  if (length > BigInt(access.size - lengthBytes)) {
    const message = l10n.t('The file ends inside the header, whose length is {0} bytes.', String(length));
    findings.error(message, access.size);
    return undefined;
  }
  return Number(length);
}

/** The tensors must fill the rest of the file, one after the other. @returns whether all of their bytes are there */
function checkLayout(
  tensors: readonly RangedTensor[],
  dataStart: number,
  size: number,
  findings: Findings,
): boolean {
  let end = dataStart;
  for (const { name, byteOffset, byteLength } of tensors) {
    if (byteOffset > end) {
      findings.error(
        l10n.t('{0} bytes before the tensor "{1}" belong to no tensor.', byteOffset - end, displayText(name)),
        end,
      );
    } else if (byteOffset < end) {
      findings.error(l10n.t('The tensor "{0}" overlaps the one before it.', displayText(name)), byteOffset);
    }
    end = Math.max(end, byteOffset + byteLength);
  }
  if (end > size) {
    findings.error(l10n.t('The file ends {0} bytes before its last tensor does.', end - size), size);
  } else if (end < size) {
    findings.error(l10n.t('{0} bytes after the last tensor belong to no tensor.', size - end), end);
  }
  return end <= size;
}
