import type { ContentId, ModelPath } from '../core/facts.ts';
import { type FileStamp, sameStamp } from '../files/stamp.ts';
import type { LocalIndex } from './localIndex.ts';

/** Remembers the content of files that were read, so that an unchanged file is not read again. */
export class StampCache {
  readonly #index: LocalIndex;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  /** The content of a file, if it was read when it had this stamp. */
  contentOf(model: ModelPath, stamp: FileStamp): ContentId | undefined {
    const [row] = this.#index.rows('SELECT size, mtime, ino, id FROM stamps WHERE path = ?', [model]);
    if (!row) return undefined;
    const known: FileStamp = { size: Number(row[0]), mtimeNs: String(row[1]), ino: String(row[2]) };
    return sameStamp(known, stamp) ? String(row[3]) : undefined;
  }

  remember(model: ModelPath, stamp: FileStamp, id: ContentId): void {
    this.#index.change(() =>
      this.#index.write('INSERT OR REPLACE INTO stamps (path, size, mtime, ino, id) VALUES (?, ?, ?, ?, ?)', [
        [model, stamp.size, stamp.mtimeNs, stamp.ino, id],
      ]),
    );
  }
}
