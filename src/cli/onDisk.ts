import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { modelDirectory } from '../core/modelDirectories.ts';

/** What a path leads to: one model, be it a file or a folder, or a folder that is none; undefined when nothing is there. */
export async function kindOnDisk(file: string): Promise<'model' | 'folder' | undefined> {
  try {
    if (!(await stat(file)).isDirectory()) return 'model';
    return modelDirectory(path.basename(file), new Set(await readdir(file))) ? 'model' : 'folder';
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '') ? undefined : 'model';
  }
}
