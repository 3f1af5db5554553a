import { useState } from 'preact/hooks';

export interface Cell {
  readonly row: number;
  readonly column: number;
}

interface Size {
  readonly rows: number;
  readonly columns: number;
}

/** The cell that is pointed at, or gone to with the arrow keys. */
export function useCells({ rows, columns }: Size, announce: (cell: Cell) => void) {
  const [cell, setCell] = useState<Cell | undefined>();

  function onKeyDown(event: KeyboardEvent): void {
    const at = cell ?? { row: 0, column: 0 };
    const far = event.ctrlKey || event.metaKey ? 10 : 1;
    const moves: Readonly<Record<string, Cell>> = {
      ArrowRight: { ...at, column: at.column + far },
      ArrowLeft: { ...at, column: at.column - far },
      ArrowDown: { ...at, row: at.row + far },
      ArrowUp: { ...at, row: at.row - far },
      Home: { ...at, column: 0 },
      End: { ...at, column: columns - 1 },
      PageUp: { ...at, row: 0 },
      PageDown: { ...at, row: rows - 1 },
    };
    const to = moves[event.key];
    if (!to) return;
    event.preventDefault();
    // The first key only shows where one is.
    const next = cell === undefined ? at : { row: within(to.row, rows), column: within(to.column, columns) };
    setCell(next);
    announce(next);
  }
  function onPointerMove(event: PointerEvent & { readonly currentTarget: HTMLElement }): void {
    const box = event.currentTarget.getBoundingClientRect();
    setCell({
      row: within(Math.floor(((event.clientY - box.top) / box.height) * rows), rows),
      column: within(Math.floor(((event.clientX - box.left) / box.width) * columns), columns),
    });
  }
  const leave = (): void => setCell(undefined);
  return { cell, onKeyDown, onPointerMove, onPointerLeave: leave, onBlur: leave };
}

function within(index: number, count: number): number {
  return Math.min(Math.max(0, index), count - 1);
}
