import path from 'node:path';
import { namesIn } from '../files/namesIn.ts';
import { marksSuffix } from './damageMarks.ts';

export interface PackPlace {
  readonly file: string;
  /** Whether somebody is about to remove it. Until it is gone it can be read, but not relied on. */
  readonly leaving: boolean;
  /** Whether somebody found records of it to be damaged, and said so beside it. */
  readonly marked: boolean;
}

const packName = /^([0-9a-f]{32})\.(pack|removed)$/;

export function packFile(folder: string, id: string): string {
  return path.join(folder, `${id}.pack`);
}

/** The name that a pack has while it is removed. */
export function leavingFile(folder: string, id: string): string {
  return path.join(folder, `${id}.removed`);
}

/** The packs in a folder by their ids, in an order that is always the same. @throws TrailError `io` */
export async function packsIn(folder: string): Promise<ReadonlyMap<string, PackPlace>> {
  const places = new Map<string, PackPlace>();
  const names = new Set(await namesIn(folder));
  for (const name of names) {
    const id = packName.exec(name)?.[1];
    if (id === undefined || places.has(id)) continue;
    places.set(id, {
      file: path.join(folder, name),
      leaving: name.endsWith('.removed'),
      marked: names.has(id + marksSuffix),
    });
  }
  return places;
}
