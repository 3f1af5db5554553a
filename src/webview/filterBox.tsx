import { useLayoutEffect, useRef } from 'preact/hooks';

interface FilterBoxProps {
  readonly label: string;
  readonly value: string;
  set(value: string): void;
}

/** Ctrl+F comes here: the editor's own search would find only the rows that are in view. */
export function FilterBox({ label, value, set }: FilterBoxProps) {
  const input = useRef<HTMLInputElement>(null);
  // Not later than it is to be seen, on a slow machine too.
  useLayoutEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== 'f' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      input.current?.select();
    }
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <input
      class="field filter"
      type="search"
      ref={input}
      placeholder={label}
      aria-label={label}
      value={value}
      onInput={(event) => set(event.currentTarget.value)}
    />
  );
}
