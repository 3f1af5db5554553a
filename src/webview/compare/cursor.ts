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
      return () => listeners.delete(listener);
    },
  };
}
