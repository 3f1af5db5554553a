import { chmod, lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { type Operation, throwIfCancelled } from '../../core/operation.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { directoryFiles } from '../../files/directory.ts';
import { makeDirectory, syncDirectory, tryLink } from '../../files/durable.ts';
import { requireSpace } from '../../files/freeSpace.ts';
import { replaceWithContent } from '../../files/safeWrite.ts';
import { lasting, untilSettled } from '../../files/settled.ts';
import { type FileStamp, sameStamp } from '../../files/stamp.ts';
import { swap, type WantedSwap } from '../../files/swap.ts';
import { withContent } from '../contents/contents.ts';
import type { TrailContext } from '../context.ts';
import { filesOf } from '../contents/directoryContents.ts';
import { rememberDirectory } from '../contents/directoryCopies.ts';
import type { KeptCopy } from './keeping.ts';
import { absolutePath } from '../paths.ts';

/** Puts a version of a directory in place, whatever is there now; files that are the same already are not written again. */
export async function restoreDirectory(
  context: TrailContext,
  version: Version,
  kept: Partial<Pick<KeptCopy, 'stamp' | 'files'>>,
  operation: Operation,
): Promise<void> {
  const { model, id } = version;
  const target = absolutePath(context.root, model);
  const { contents, built, since } = await putDirectory(context, version, target, kept, operation);
  // Files that were there before had two names for a while, which has changed their ctime.
  const found = await directoryFiles(target).catch(() => []);
  for (const { path: inner, stamp } of found) {
    const [before, content] = [built.get(inner), contents.get(inner)];
    // Under names that the disk spells in another way, or with a file that somebody just wrote, it is another directory.
    if (!before || content === undefined || !sameStamp(before, stamp)) return;
    context.stamps.remember(`${model}/${inner}`, lasting(stamp, since), content);
  }
  if (found.length === contents.size) rememberDirectory(context, model, found, id);
}

function cannotHold(target: string, version: Version): TrailError {
  return new TrailError(
    'refused',
    l10n.t(
      'The disk of {0} cannot hold {1}: it has files whose names are the same there, such as in upper and lower case. Nothing was changed.',
      target,
      `${version.model} ${versionName(version)}`,
    ),
  );
}

/** Writes a version of a directory, verified, to a place where nothing is. */
export async function saveDirectory(
  context: TrailContext,
  version: Version,
  target: string,
  operation: Operation,
): Promise<void> {
  if ((await readdir(target).catch(() => [])).length > 0) {
    throw new TrailError('refused', l10n.t('{0} is not empty. Choose a name that nothing has.', target));
  }
  await putDirectory(context, version, target, {}, operation);
}

async function putDirectory(
  context: TrailContext,
  version: Version,
  target: string,
  kept: Partial<Pick<KeptCopy, 'stamp' | 'files'>>,
  operation: Operation,
) {
  const files = await filesOf(context, version);
  const there = new Map(kept.files?.map((file) => [file.path, file.id]));
  const innerOf = ({ model }: Version): string => model.slice(version.model.length + 1);
  // What is behind a link belongs to somebody else, and may change there.
  const isLink = (await lstat(target).catch(() => undefined))?.isSymbolicLink() === true;
  const isSame = (file: Version): boolean => !isLink && there.get(innerOf(file)) === file.id;
  const missing = files.filter((file) => !isSame(file));
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  const label = l10n.t('Writing {0}', `${version.model} ${versionName(version)}`);
  const contents = new Map(files.map((file) => [innerOf(file), file.id]));
  const built = new Map<string, FileStamp>();
  let since = 0;
  const wanted: WantedSwap = { expected: kept.stamp ?? 'missing', model: version.model };
  await swap(target, wanted, async (fresh) => {
    await makeDirectory(fresh);
    await requireSpace(fresh, total);
    let before = 0;
    for (const file of files) {
      throwIfCancelled(operation);
      const [old, place] = [path.join(target, innerOf(file)), path.join(fresh, innerOf(file))];
      if (isSame(file) && (await linked(old, place))) continue;
      const from = before;
      const within: Operation = {
        signal: operation.signal,
        report: ({ done }) => operation.report({ label, done: from + done, total }),
      };
      const was = there.get(innerOf(file));
      await withContent(
        context,
        file,
        (content) => replaceWithContent(place, content, file, within),
        operation,
        was === undefined ? undefined : { file: old, id: was },
      );
      await copyMode(old, place);
      before += file.size;
    }
    throwIfCancelled(operation);
    for (const { path: inner, stamp } of await directoryFiles(fresh)) built.set(inner, stamp);
    if (built.size < contents.size) throw cannotHold(target, version);
    for (const folder of foldersOf(contents.keys())) await syncDirectory(path.join(fresh, folder));
    for (const stamp of built.values()) since = await untilSettled(stamp);
  });
  return { contents, built, since };
}

/** A link to a file elsewhere is not taken over: what it leads to may change. */
async function linked(from: string, to: string): Promise<boolean> {
  if (!(await lstat(from).catch(() => undefined))?.isFile()) return false;
  await makeDirectory(path.dirname(to));
  return (await tryLink(from, to)) === 'linked';
}

async function copyMode(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch(() => undefined);
  if (stats?.isFile()) await chmod(to, stats.mode & 0o7777);
}

/** The folders that files are in, the deepest first. */
function foldersOf(files: Iterable<string>): string[] {
  const folders = new Set(['']);
  for (const file of files) {
    for (let folder = path.posix.dirname(file); folder !== '.'; folder = path.posix.dirname(folder))
      folders.add(folder);
  }
  return [...folders].sort((a, b) => b.length - a.length);
}
