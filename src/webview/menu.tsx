import { useRef } from 'preact/hooks';

interface MenuProps {
  readonly label: string;
  readonly items: readonly (readonly [label: string, act: () => void])[];
}

/** A button that opens a list of things to do. */
export function Menu({ label, items }: MenuProps) {
  const menu = useRef<HTMLDetailsElement>(null);
  function close(): void {
    if (menu.current) menu.current.open = false;
    menu.current?.querySelector('summary')?.focus();
  }
  return (
    <details
      class="menu"
      ref={menu}
      onFocusOut={(event) => {
        const into = event.relatedTarget;
        if (!(into instanceof Node && event.currentTarget.contains(into))) event.currentTarget.open = false;
      }}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.open && close()}
    >
      <summary class="button">{label}</summary>
      <div class="menu-items">
        {items.map(([label, act]) => (
          <button
            key={label}
            onClick={() => {
              close();
              act();
            }}
          >
            {label}
          </button>
        ))}
      </div>
    </details>
  );
}
