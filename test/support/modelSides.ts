import { readFileSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../../src/core/operation.ts';
import { diffModels } from '../../src/diff/diffModels.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import type { ModelSide } from '../../src/diff/sides.ts';
import type { TensorEntry } from '../../src/diff/tensorsDiff.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { readerOf } from '../../src/formats/readers.ts';
import { sniff } from '../../src/formats/sniff.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';

const fixtures = path.resolve('test/fixtures');

/** A model in memory as the engine opens it. */
export async function sideOfBytes(name: string, bytes: Uint8Array): Promise<ModelSide> {
  const access = bytesAccess(bytes);
  const reader = await readerOf(await sniff(access, name));
  if (!reader) throw new Error(`no reader for ${name}`);
  const summary = await reader(access, { name, signal: unattended.signal });
  return { name, size: bytes.length, summary, tensors: openTensors(access), access };
}

/** @param file below test/fixtures */
export function sideOf(file: string): Promise<ModelSide> {
  return sideOfBytes(path.basename(file), readFileSync(path.join(fixtures, file)));
}

/** @param a below test/fixtures, like `b` */
export async function diffFixtures(a: string, b: string): Promise<ModelDiff> {
  return diffModels(await sideOf(a), await sideOf(b), unattended);
}

/** By the name in b, or in a where b has none. */
export function entryOf({ tensors }: ModelDiff, name: string): TensorEntry {
  const entry = tensors.entries.find(({ a, b }) => (b ?? a)?.name === name);
  if (!entry) throw new Error(`no tensor ${name}`);
  return entry;
}
