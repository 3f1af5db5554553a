import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Operation } from '../../core/operation.ts';
import type { ModelSide } from '../../diff/sides.ts';
import { directoryFiles, directoryStamp } from '../../files/directory.ts';
import { type FileStamp, stampOf } from '../../files/stamp.ts';
import { summarizeModel } from '../../formats/describe.ts';
import { windowedAccess } from '../../formats/windowedAccess.ts';
import { openTensors, type TensorReader } from '../../tensors/tensorReader.ts';
import type { DiffTarget } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { type OpenContent, openContent, openFile } from './openContent.ts';
import { openFolder, stampOfModel } from './openDirectory.ts';
import { absolutePath } from '../paths.ts';
import { objectsAround, objectsOf } from '../contents/pointers.ts';
import { settingsFiles } from './settingsFiles.ts';

/** One of two that are compared; opened, but not read yet. */
export interface OpenSide {
  readonly name: string;
  /** Equal for equal contents. */
  readonly key: string;
  /** Reads what the model says of itself. */
  model(): Promise<ModelSide>;
  /** Whether what was read so far was all of it in the one file, which is what `key` speaks of. */
  isWhole(): boolean;
  close(): Promise<void>;
}

export async function openDiffSide(
  context: TrailContext,
  target: DiffTarget,
  operation: Operation,
): Promise<OpenSide> {
  const content = await open(context, target, operation);
  const { access, id, name, sibling, key, size = access.size } = content;
  const isDirectory = content.file.endsWith('/');
  let isWhole = true;
  let reader: TensorReader | undefined;
  const noted: OpenContent['sibling'] = (other) => {
    // The list of a directory's files speaks of them all.
    if (!isDirectory) isWhole = false;
    return sibling(other);
  };
  return {
    name,
    key,
    async model() {
      const summary = await summarizeModel(access, {
        name: content.file,
        signal: operation.signal,
        sibling: noted,
      });
      // Models may have a hundred thousand tensors of a few bytes.
      reader = openTensors(windowedAccess(access), noted);
      const settings = isDirectory ? await settingsFiles(content, operation.signal) : undefined;
      // The list of a directory's files is not their content.
      return { name, size, id, summary, tensors: reader, settings, access: isDirectory ? undefined : access };
    },
    isWhole: () => isWhole,
    async close() {
      await reader?.close();
      await access.close();
    },
  };
}

async function open(
  context: TrailContext,
  target: DiffTarget,
  operation: Operation,
): Promise<OpenContent & { readonly key: string; readonly file: string }> {
  if ('file' in target) {
    const { file } = target;
    const { trusted, gitBinary } = context.settings;
    const openObject = trusted ? objectsAround(path.dirname(file), gitBinary) : objectsOf(context);
    if ((await stat(file)).isDirectory()) {
      const key = keyOf(file, directoryStamp(await directoryFiles(file)));
      const folder = await openFolder(file, openObject);
      return { ...folder, name: file, file: folder.name, key };
    }
    const stamp = keyOf(file, await stampOf(file));
    const opened = await openFile(file, openObject);
    return { ...opened, name: file, file: opened.name, key: opened.id ?? stamp };
  }
  const stamp = target.version === undefined ? await stampOfModel(context, target.model) : undefined;
  const content = await openContent(context, target, operation);
  const key = content.id ?? (stamp ? keyOf(absolutePath(context.root, target.model), stamp) : target.model);
  return { ...content, name: target.model, file: content.name, key };
}

/** A file that nobody has read whole is known by what the file system says of it. */
function keyOf(file: string, { size, mtimeNs, ino, ctimeNs }: FileStamp): string {
  return JSON.stringify([file, size, mtimeNs, ino, ctimeNs]);
}
