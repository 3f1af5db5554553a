import { isDeepStrictEqual } from 'node:util';
import type { ModelPath } from '../../core/facts.ts';
import type { Operation } from '../../core/operation.ts';
import { walkModels } from '../../files/walk.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import type { Problem } from '../api/models.ts';
import type { FoundFile } from './catalogue.ts';
import type { TrailContext } from '../context.ts';
import { recoverInterrupted } from './interrupted.ts';

export interface FolderSource {
  /** @returns whether there was anything new */
  read(operation: Operation): Promise<boolean>;
  /** What could not be looked into the last time. */
  problems(): readonly Problem[];
}

/** The models that are in the folder. */
export function folderSource(context: TrailContext, readJournal: () => Promise<unknown>): FolderSource {
  const { root, settings, catalogue } = context;
  let problems: readonly Problem[] = [];

  return {
    problems: () => problems,

    async read(operation) {
      const found: Problem[] = [];
      const files = new Map<ModelPath, FoundFile>();
      const report = (path: string, message: string): void => void found.push({ path, message });
      const swaps: string[] = [];
      const foundSwap = (path: string): void => void swaps.push(path);
      const { include, exclude } = settings;
      const options = { include, exclude, looksLikeModel, report, foundSwap };
      for await (const model of walkModels(root, options, operation.signal)) {
        const { path, size, mtimeMs, files: inner } = model;
        files.set(path, { size, mtimeMs, files: inner });
      }
      // What a rollback left that was killed: then the folder is looked at again.
      if (await recoverInterrupted(context, swaps, report, readJournal, operation))
        return this.read(operation);
      const before = problems;
      problems = found;
      return catalogue.setFiles(files) || !isDeepStrictEqual(before, problems);
    },
  };
}
