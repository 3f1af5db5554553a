import { readdir } from 'node:fs/promises';
import { systemError } from './systemError.ts';

/** What is in a folder, sorted; nothing where there is no folder. @throws TrailError `io` */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    const problem = systemError(error, folder);
    if (problem.code === 'notFound') return [];
    throw problem;
  }
}
