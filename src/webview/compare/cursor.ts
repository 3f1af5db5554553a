import { useEffect, useState } from 'preact/hooks';
import { sameKey } from '../../core/versionKey.ts';
import type { VersionKey } from './messages.ts';

/**
 * The version that is pointed at, in all charts at once; not its column, which is that of another one when versions come and go.
 * Not preact state: it changes with every move of the mouse.
 */
export interface Cursor {
  readonly version: VersionKey | undefined;
  move(version: VersionKey | undefined): void;
  /** @returns a function that stops it */
  subscribe(listener: () => void): () => void;
}

export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let current: VersionKey | undefined;
  return {
    get version() {
      return current;
    },
    move(version) {
      if (version ? sameKey(version, current) : !current) return;
      current = version;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The version that is pointed at, as state of the component that asks. */
export function useCursor(cursor: Cursor): VersionKey | undefined {
  const [version, setVersion] = useState(cursor.version);
  useEffect(() => cursor.subscribe(() => setVersion(cursor.version)), [cursor]);
  return version;
}
