import { diffValues } from './diffValues.ts';
import type { FileDiff } from './modelDiff.ts';
import { settingsValues } from './settingsValues.ts';

type Texts = ReadonlyMap<string, string>;

/** The files with settings that differ. */
export function diffSettings(a: Texts = new Map(), b: Texts = new Map()): FileDiff[] {
  return [...new Set([...a.keys(), ...b.keys()])].sort().flatMap((path): FileDiff[] => {
    const [textA, textB] = [a.get(path), b.get(path)];
    if (textA === textB) return [];
    if (textA === undefined) return [{ path, status: 'added', changes: [] }];
    if (textB === undefined) return [{ path, status: 'removed', changes: [] }];
    const [valuesA, valuesB] = [settingsValues(path, textA), settingsValues(path, textB)];
    const changes = valuesA && valuesB ? diffValues(valuesA, valuesB) : [];
    return [{ path, status: 'changed', changes }];
  });
}
