import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ContentId } from '../core/facts.ts';
import { gitSettings } from './answers.ts';
import type { Git } from './git.ts';

/** What a Git LFS pointer stands for. */
export interface LfsPointer {
  readonly id: ContentId;
  /** In bytes. */
  readonly size: number;
}

/** A pointer is smaller than this. */
export const maxPointerBytes = 1024;

const versions = new Set(['https://git-lfs.github.com/spec/v1', 'https://hawser.github.com/spec/v1']);

/** Reads a pointer strictly by the specification, so that no other file is taken for one. */
export function parsePointer(bytes: Uint8Array): LfsPointer | undefined {
  if (bytes.length === 0 || bytes.length >= maxPointerBytes) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (!text.startsWith('version ') || !text.endsWith('\n')) return undefined;
  const values = new Map<string, string>();
  let previous = '';
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const [, key, value] = /^([a-z0-9.-]+) ([^\r\n]+)$/.exec(line) ?? [];
    // All keys but the first are sorted, and none comes twice.
    if (key === undefined || value === undefined || (index > 0 && key <= previous) || values.has(key))
      return undefined;
    values.set(key, value);
    previous = index === 0 ? '' : key;
  }
  const id = /^sha256:([0-9a-f]{64})$/.exec(values.get('oid') ?? '')?.[1];
  const size = Number(/^(?:0|[1-9]\d*)$/.exec(values.get('size') ?? '')?.[0] ?? Number.NaN);
  if (!versions.has(values.get('version') ?? '') || id === undefined || !Number.isSafeInteger(size))
    return undefined;
  return { id, size };
}

/** The folder where Git LFS keeps contents on this machine. */
export async function lfsStorage(git: Git): Promise<string> {
  return resolve(git.commonDir, (await git.config('lfs.storage')) ?? 'lfs');
}

/** Where Git LFS keeps a content on this machine; whether it is there is for the caller to see. */
export async function lfsObjectPath(git: Git, id: ContentId): Promise<string> {
  return objectIn(await lfsStorage(git), id);
}

/** The file of what a pointer stands for; undefined when it is not there, or not all of it. */
export async function findLfsObject(storage: string, { id, size }: LfsPointer): Promise<string | undefined> {
  const object = objectIn(storage, id);
  const found = await stat(object).catch(() => undefined);
  return found?.isFile() && found.size === size ? object : undefined;
}

function objectIn(storage: string, id: ContentId): string {
  return join(storage, 'objects', id.slice(0, 2), id.slice(2, 4), id);
}

/** The address that `git lfs fetch` would get objects from, without credentials; undefined where there is none. */
export async function lfsRemote(git: Git): Promise<string | undefined> {
  const wanted = String.raw`^(lfs\.url|remote\.lfsdefault|remote\..*\.(url|lfsurl)|branch\..*\.remote)$`;
  const settings = new Map<string, string>();
  const shared = join(git.topLevel, '.lfsconfig');
  // What the user has set is stronger than what the repository brings, so it is read last.
  const sources = existsSync(shared) ? [['--file', shared], []] : [[]];
  for (const source of sources) {
    for (const [name, value] of await gitSettings(git, wanted, source)) settings.set(name, value);
  }
  const url = settings.get('lfs.url');
  if (url) return withoutCredentials(url);
  const branch = await git.branch();
  const remotes = [...settings.keys()].flatMap((key) => /^remote\.(.*)\.url$/.exec(key)?.[1] ?? []);
  const name =
    settings.get('remote.lfsdefault') ??
    settings.get(`branch.${branch}.remote`) ??
    (remotes.length === 1 ? remotes[0] : 'origin');
  const address = settings.get(`remote.${name}.lfsurl`) ?? settings.get(`remote.${name}.url`);
  return address ? withoutCredentials(address) : undefined;
}

function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/]*@/i, '$1').replace(/[?#].*$/, '');
}
