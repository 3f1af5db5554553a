import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Database } from 'sql.js';
import { systemCode } from '../core/errors.ts';
import { writeCache } from '../files/safeWrite.ts';
import { tryLock } from '../files/tryLock.ts';
import { loadSql } from './sql.ts';

/** Raised whenever a table changes, or what is read into one; an index of another version is not read but built again. */
const schemaVersion = 6;

const schema = `
  PRAGMA user_version = ${schemaVersion};
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE facts (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
  CREATE TABLE stamps (path TEXT PRIMARY KEY, size INTEGER, mtime TEXT, ino TEXT, ctime TEXT, id TEXT NOT NULL) WITHOUT ROWID;
  CREATE INDEX stamps_by_ino ON stamps (ino);
  CREATE TABLE commits (oid TEXT PRIMARY KEY, ord INTEGER, time TEXT, name TEXT, email TEXT, subject TEXT) WITHOUT ROWID;
  CREATE TABLE events (commit_oid TEXT, path TEXT, from_path TEXT, blob TEXT);
  CREATE INDEX events_by_blob ON events (blob);
  CREATE TABLE blobs (oid TEXT PRIMARY KEY, id TEXT NOT NULL, size INTEGER NOT NULL, lfs INTEGER NOT NULL, files INTEGER) WITHOUT ROWID;
  CREATE TABLE git_metrics (commit_oid TEXT, path TEXT, metrics TEXT, params TEXT, contents TEXT, PRIMARY KEY (commit_oid, path)) WITHOUT ROWID;
`;

const checksumBytes = 32;

/**
 * The local index: a cache of what is slow to find out again. It is held in memory (sql.js) and written as one file: a SQLite image and
 * its SHA-256. Several processes may hold one each; the last to save wins, which costs the others a little work and loses nothing.
 */
export class LocalIndex {
  readonly db: Database;
  readonly #path: string;
  #dirty: boolean;

  private constructor(db: Database, path: string, isNew: boolean) {
    this.db = db;
    this.#path = path;
    this.#dirty = isNew;
  }

  /** Reads the index, or starts an empty one where there is none or it cannot be trusted. */
  static async open(path: string): Promise<LocalIndex> {
    const sql = await loadSql();
    const image = await readImage(path);
    if (image) {
      try {
        const db = new sql.Database(image);
        if (db.exec('PRAGMA user_version')[0]?.values[0]?.[0] === schemaVersion)
          return new LocalIndex(db, path, false);
        db.close();
      } catch {
        // Not a database after all: built again below.
      }
    }
    const db = new sql.Database();
    db.exec(schema);
    return new LocalIndex(db, path, true);
  }

  /** Runs changes as one transaction, and remembers that there is something to save. */
  change(work: () => void): void {
    this.db.exec('BEGIN');
    try {
      work();
      this.db.exec('COMMIT');
      this.#dirty = true;
    } catch (error) {
      this.db.exec('ROLLBACK');
      throw error;
    }
  }

  /** Runs one statement for each row of parameters. */
  write(statement: string, rows: Iterable<readonly (string | number | null)[]>): void {
    const prepared = this.db.prepare(statement);
    try {
      for (const row of rows) prepared.run([...row]);
    } finally {
      prepared.free();
    }
  }

  /** All rows of a query, as arrays of columns. */
  rows(query: string, parameters: readonly (string | number | null)[] = []): (string | number | null)[][] {
    const prepared = this.db.prepare(query, [...parameters]);
    const rows: (string | number | null)[][] = [];
    try {
      while (prepared.step()) rows.push(prepared.get() as (string | number | null)[]);
    } finally {
      prepared.free();
    }
    return rows;
  }

  /** Writes the index if it changed and nobody else is writing it; what is not saved now is found out again later. */
  async save(): Promise<void> {
    if (!this.#dirty) return;
    const release = await tryLock(`${this.#path}.lock`);
    if (!release) return;
    try {
      this.#dirty = false;
      const image = this.db.export();
      const checksum = createHash('sha256').update(image).digest();
      await writeCache(this.#path, Buffer.concat([image, checksum]));
    } catch (error) {
      this.#dirty = true;
      throw error;
    } finally {
      await release();
    }
  }

  close(): void {
    this.db.close();
  }
}

async function readImage(path: string): Promise<Uint8Array | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (error) {
    // A cache that cannot be read is a cache that is not there.
    if (systemCode(error) !== undefined) return undefined;
    throw error;
  }
  if (file.length <= checksumBytes) return undefined;
  const image = file.subarray(0, -checksumBytes);
  const checksum = createHash('sha256').update(image).digest();
  return checksum.equals(file.subarray(-checksumBytes)) ? image : undefined;
}
