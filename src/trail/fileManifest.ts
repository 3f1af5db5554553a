import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Operation } from '../core/operation.ts';
import { hashFile } from '../files/hash.ts';
import { describeModel, readText } from '../formats/describe.ts';
import { formatLabel } from '../formats/formatNames.ts';
import { manifestText } from '../formats/manifest.ts';
import { fileAccess } from '../formats/randomAccess.ts';
import { maxPointerBytes, parsePointer } from '../history/lfs.ts';

/**
 * The text that stands for a file on disk in a text diff; of a pointer of Git LFS whose object is here, that of the object.
 * @param file absolute
 */
export async function fileManifest(file: string, operation: Operation): Promise<string> {
  const name = path.basename(file);
  const content = (await lfsObject(file)) ?? file;
  const access = await fileAccess(content);
  try {
    const { format, summary, isText, textPreview } = await describeModel(access, name, operation.signal);
    if (isText) return await readText(access);
    const { id: sha256, size } = await hashFile(content, operation, name);
    return manifestText(summary, { name, format: formatLabel(format), size, sha256, textPreview });
  } finally {
    await access.close();
  }
}

async function lfsObject(file: string): Promise<string | undefined> {
  const access = await fileAccess(file);
  try {
    if (access.size >= maxPointerBytes) return undefined;
    const pointer = parsePointer(Buffer.from(await access.read(0, access.size)));
    if (!pointer) return undefined;
    // Git starts it in the repository.
    const { stdout } = await promisify(execFile)('git', ['rev-parse', '--git-path', 'lfs/objects']);
    const { id } = pointer;
    const object = path.resolve(stdout.trimEnd(), id.slice(0, 2), id.slice(2, 4), id);
    return (await stat(object)).isFile() ? object : undefined;
  } catch {
    // The pointer says something too.
    return undefined;
  } finally {
    await access.close();
  }
}
