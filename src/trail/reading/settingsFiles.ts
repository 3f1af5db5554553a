import { posix } from 'node:path';
import { throwIfCancelled } from '../../core/operation.ts';
import { readFolder } from '../../formats/directory/folderList.ts';
import type { OpenContent } from './openContent.ts';

/** Vocabularies can be that long. In bytes, of one and of all. */
const maxFile = 16 * 2 ** 20;
const maxAll = 32 * 2 ** 20;
const settingsEndings: ReadonlySet<string> = new Set(['.json', '.yaml', '.yml', '.txt', '.jinja']);
/** Are read as hyper-parameters. */
const otherwiseRead: ReadonlySet<string> = new Set(['config.json', 'adapter_config.json']);

/** The texts of the files with settings in a directory that is one model, by their path in it: tokenizer, preprocessing, signature... */
export async function settingsFiles(
  { access, sibling }: Pick<OpenContent, 'access' | 'sibling'>,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  let left = maxAll;
  for (const { path, size } of (await readFolder(access)) ?? []) {
    throwIfCancelled({ signal });
    if (!isSettings(path) || size > Math.min(maxFile, left)) continue;
    const file = await sibling(path);
    if (!file) continue;
    try {
      texts.set(path, Buffer.from(await file.read(0, file.size)).toString('utf8'));
      left -= file.size;
    } finally {
      await file.close();
    }
  }
  return texts;
}

function isSettings(path: string): boolean {
  const name = posix.basename(path);
  if (otherwiseRead.has(path) || name.endsWith('.index.json')) return false;
  return name === 'MLmodel' || settingsEndings.has(posix.extname(name).toLowerCase());
}
