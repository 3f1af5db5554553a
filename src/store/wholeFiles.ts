import { type FileHandle, open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ContentId } from '../core/facts.ts';
import { syncDirectory } from '../files/durable.ts';
import { systemError } from '../files/systemError.ts';
import { contentFolder, forgottenSuffix } from './recipes.ts';

interface WholeFileFolder {
  fileOf(id: ContentId): string;
  sizeIfHere(id: ContentId): Promise<number | undefined>;
  list(): AsyncIterable<ContentId>;
  /** Undefined when it is not here. Once open, it can be read even when it is removed. */
  openIfHere(id: ContentId): Promise<FileHandle | undefined>;
  remove(id: ContentId): Promise<void>;
}

/** The first layout: each content a read-only file, `objects/ab/ab12…`. Nothing new is written there. */
export interface WholeFiles extends WholeFileFolder {
  /** What is moved aside, and may be wanted again until that is final. */
  readonly forgotten: WholeFileFolder;
}

export function openWholeFiles(folder: string): WholeFiles {
  return { ...wholeFileFolder(folder), forgotten: wholeFileFolder(folder, forgottenSuffix) };
}

function wholeFileFolder(folder: string, suffix?: string): WholeFileFolder {
  const files = contentFolder(folder, suffix);
  return {
    ...files,
    async openIfHere(id) {
      if ((await files.sizeIfHere(id)) === undefined) return undefined;
      try {
        return await open(files.fileOf(id), 'r');
      } catch (error) {
        const problem = systemError(error, files.fileOf(id));
        if (problem.code === 'notFound') return undefined;
        throw problem;
      }
    },
    async remove(id) {
      const file = files.fileOf(id);
      try {
        await rm(file, { force: true });
        await syncDirectory(path.dirname(file));
      } catch (error) {
        throw systemError(error, file);
      }
    },
  };
}
