import { useEffect, useState } from 'preact/hooks';

/** The version that is pointed at, in all charts at once. Not preact state: it changes with every move of the mouse. */
export interface Cursor {
  readonly column: number | undefined;
  move(column: number | undefined): void;
  /** @returns a function that stops it */
  subscribe(listener: () => void): () => void;
}

export function createCursor(): Cursor {
  const listeners = new Set<() => void>();
  let current: number | undefined;
  return {
    get column() {
      return current;
    },
    move(column) {
      if (column === current) return;
      current = column;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** The version that is pointed at, as state of the component that asks. */
export function useCursor(cursor: Cursor): number | undefined {
  const [column, setColumn] = useState(cursor.column);
  useEffect(() => cursor.subscribe(() => setColumn(cursor.column)), [cursor]);
  return column;
}
