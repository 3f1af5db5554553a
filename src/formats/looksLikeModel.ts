import type { FormatName } from './formatNames.ts';
import { fileAccess } from './randomAccess.ts';
import { sniff } from './sniff.ts';

/** What a model may be packed in, and much else too. */
const notModels: ReadonlySet<FormatName> = new Set([
  'text',
  'unknown',
  'compressed',
  'zip',
  'sevenZip',
  'tar',
]);

/** Whether a file is a model by its bytes, for endings that many other files have too; false when it cannot be read. */
export async function looksLikeModel(path: string): Promise<boolean> {
  try {
    const access = await fileAccess(path);
    try {
      return !notModels.has(await sniff(access, path));
    } finally {
      await access.close();
    }
  } catch {
    return false;
  }
}
