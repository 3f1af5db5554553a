import { useEffect, useState } from 'preact/hooks';
import { observeScroll } from '../observeScroll.ts';

/** In CSS pixels. */
export const columnWidth = 148;
/** Columns that are kept on either side of what is in view. */
const spare = 4;
/** Before the first measure. */
const atFirst = 16;

/** The range of columns, from the first to behind the last, that are in view or close to it. */
export function useVisibleColumns(
  scroller: { readonly current: HTMLElement | null },
  count: number,
): readonly [from: number, to: number] {
  const [range, setRange] = useState<readonly [number, number]>([0, atFirst]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return undefined;
    return observeScroll(element, () => {
      const from = Math.max(0, Math.floor(element.scrollLeft / columnWidth) - spare);
      const to = Math.ceil((element.scrollLeft + element.clientWidth) / columnWidth) + spare;
      setRange((range) => (range[0] === from && range[1] === to ? range : [from, to]));
    });
  }, [scroller]);
  const to = Math.min(range[1], count);
  return [Math.min(range[0], to), to];
}
