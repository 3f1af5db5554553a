import type { ContentId, ModelPath } from '../core/facts.ts';
import { type FileStamp, isUntouched } from '../files/stamp.ts';
import type { LocalIndex } from './localIndex.ts';

/** Remembers the content of files that were read, so that an unchanged file is not read again. */
export class StampCache {
  readonly #index: LocalIndex;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  /** The content of a file, if it was read when it had this stamp. */
  contentOf(model: ModelPath, stamp: FileStamp): ContentId | undefined {
    const [row] = this.#index.rows('SELECT size, mtime, ino, ctime, id FROM stamps WHERE path = ?', [model]);
    if (!row) return undefined;
    const [size, mtime, ino, ctime, id] = row;
    const known: FileStamp = {
      size: Number(size),
      mtimeNs: String(mtime),
      ino: String(ino),
      ctimeNs: String(ctime),
    };
    return isUntouched(known, stamp) ? String(id) : undefined;
  }

  /** The content of a file that was read under any name. That it got another since has changed its ctime, so this is a guess. */
  contentUnderAnyName({ size, mtimeNs, ino }: FileStamp): ContentId | undefined {
    const [row] = this.#index.rows('SELECT id FROM stamps WHERE ino = ? AND size = ? AND mtime = ?', [
      ino,
      size,
      mtimeNs,
    ]);
    return row && String(row[0]);
  }

  /** Has a model read again, with all files of a directory. */
  forget(model: ModelPath): void {
    this.#index.change(() =>
      // All that begins with the model and a slash, which a zero follows.
      this.#index.write('DELETE FROM stamps WHERE path = ? OR (path > ? AND path < ?)', [
        [model, `${model}/`, `${model}0`],
      ]),
    );
  }

  /** Does nothing with a stamp that is too young to know the file by. */
  remember(model: ModelPath, { size, mtimeNs, ino, ctimeNs }: FileStamp, id: ContentId): void {
    if (ctimeNs === undefined) return;
    this.#index.change(() =>
      this.#index.write(
        'INSERT OR REPLACE INTO stamps (path, size, mtime, ino, ctime, id) VALUES (?, ?, ?, ?, ?, ?)',
        [[model, size, mtimeNs, ino, ctimeNs, id]],
      ),
    );
  }
}
