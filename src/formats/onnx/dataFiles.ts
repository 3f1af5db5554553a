import { posix } from 'node:path';
import type { RandomAccess } from '../randomAccess.ts';
import type { ReadContext } from '../readers.ts';
import { sniff } from '../sniff.ts';
import { isInFolder } from './externalData.ts';
import { readOnnx } from './readOnnx.ts';

/** The files that an ONNX model names as holding weights of it. */
export interface DataFiles {
  /** Their paths from the folder of the model, in which they are. */
  readonly inFolder: readonly string[];
  /** What else is named, as it is written: files elsewhere, and hidden ones. */
  readonly elsewhere: readonly string[];
}

/** None where it is no ONNX model. @throws TrailError `cancelled`, or when the bytes cannot be read; never for what they say */
export async function dataFilesOf(access: RandomAccess, context: ReadContext): Promise<DataFiles> {
  const isOnnx = (await sniff(access, context.name)) === 'onnx';
  const { externalData = [] } = isOnnx ? await readOnnx(access, context) : {};
  const inFolder = externalData.filter(isDataName).map((location) => posix.normalize(location));
  return {
    inFolder: [...new Set(inFolder)],
    elsewhere: externalData.filter((location) => !isDataName(location)),
  };
}

/** A path in the folder of the model, and not of a hidden file or folder: what is in those is the settings of programs, not weights. */
export function isDataName(location: string): boolean {
  return isInFolder(location) && !/(^|\/)\./.test(posix.normalize(location));
}
