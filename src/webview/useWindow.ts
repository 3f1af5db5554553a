import { useLayoutEffect, useState } from 'preact/hooks';
import { observeScroll } from './observeScroll.ts';

/** Rows that are kept on either side of those in view. */
const spare = 8;
/** Before the first measure. */
const atFirst = 40;

export interface Window {
  /** The range of rows, from the first to behind the last, that are in view or close to it. */
  readonly from: number;
  readonly to: number;
  /** In CSS pixels. */
  readonly width: number;
}

/** What of a long list is in view. Of the other rows only their space is there. */
export function useWindow(
  scroller: { readonly current: HTMLElement | null },
  count: number,
  rowHeight: number,
): Window {
  const [seen, setSeen] = useState<Window>({ from: 0, to: atFirst, width: 0 });
  // Before the first picture, which would otherwise be of a table that is not as wide as this one.
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    return observeScroll(element, () => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare);
      const to = Math.ceil((element.scrollTop + element.clientHeight) / rowHeight) + spare;
      const width = element.clientWidth;
      setSeen((seen) =>
        seen.from === from && seen.to === to && seen.width === width ? seen : { from, to, width },
      );
    });
  }, [scroller, rowHeight]);
  const to = Math.min(seen.to, count);
  return { from: Math.min(seen.from, to), to, width: seen.width };
}
