import path from 'node:path';
import type { Operation } from '../../core/operation.ts';
import { hashFile } from '../../files/hash.ts';
import { describeModel, readText } from '../../formats/describe.ts';
import { formatLabel } from '../../formats/formatNames.ts';
import { manifestText } from '../../formats/manifest.ts';
import { objectsAround, openFileOrObject } from '../contents/pointers.ts';

/**
 * The text that stands for a file on disk in a text diff; of a pointer of Git LFS whose object is here, that of the object.
 * @param file absolute; Git puts it into a temporary folder
 * @param repository the folder that Git starts this program in
 */
export async function fileManifest(file: string, repository: string, operation: Operation): Promise<string> {
  const name = path.basename(file);
  const { access, pointer } = await openFileOrObject(file, objectsAround(repository));
  try {
    const { format, summary, isText, textPreview } = await describeModel(access, name, operation.signal);
    if (isText) return await readText(access);
    const { id: sha256, size } = pointer ?? (await hashFile(file, operation, name));
    return manifestText(summary, { name, format: formatLabel(format), size, sha256, textPreview });
  } finally {
    await access.close();
  }
}
