import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Action {
  readonly label: string;
  act(): void;
}

interface DetailProps {
  /** Of what is shown. */
  readonly name: string;
  /** The same with more around it. */
  readonly heading?: ComponentChildren;
  readonly copy?: Action;
  /** The Escape key does it, too. */
  readonly close: Action;
  readonly children: ComponentChildren;
}

/** One row of a table in depth, beside it. */
export function Detail({ name, heading = name, copy, close, children }: DetailProps) {
  const root = useRef<HTMLElement>(null);
  function act(): void {
    // Otherwise the keyboard would be at the top of the page again.
    root.current?.parentElement?.querySelector<HTMLElement>('.grid, .drawing-area')?.focus();
    close.act();
  }
  return (
    <aside class="detail" aria-label={name} ref={root} onKeyDown={({ key }) => key === 'Escape' && act()}>
      <div class="detail-head">
        <h2 title={name}>{heading}</h2>
        {copy && <IconButton icon="copy" {...copy} />}
        <IconButton icon="close" label={close.label} act={act} />
      </div>
      {children}
    </aside>
  );
}

function IconButton({ icon, label, act }: Action & { icon: 'copy' | 'close' }) {
  return (
    <button class="icon-button" aria-label={label} title={label} onClick={act}>
      <Icon name={icon} />
    </button>
  );
}
