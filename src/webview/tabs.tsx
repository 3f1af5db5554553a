import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { countText } from './format.ts';

export interface Tab<N extends string> {
  readonly name: N;
  readonly label: string;
  readonly count: number;
  readonly body: ComponentChildren;
}

interface TabsProps<N extends string> {
  readonly label: string;
  /** At least one. */
  readonly tabs: readonly Tab<N>[];
  /** The first if not given, or if there is none of that name. */
  readonly open: N | undefined;
  show(name: N): void;
}

/** Parts of a page of which one is shown. */
export function Tabs<N extends string>({ label, tabs, open: asked, show }: TabsProps<N>) {
  const id = useId();
  const open = tabs.find((tab) => tab.name === asked) ?? tabs[0];
  if (!open) return null;

  function onKeyDown(event: KeyboardEvent): void {
    const at = open ? tabs.indexOf(open) : 0;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at + tabs.length - 1) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    };
    const to = moves[event.key];
    const tab = to === undefined ? undefined : tabs[to];
    if (!tab) return;
    event.preventDefault();
    show(tab.name);
    document.getElementById(`${id}-${tab.name}`)?.focus();
  }

  return (
    <>
      <div class="tabs" role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {tabs.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            role="tab"
            aria-selected={tab === open}
            aria-controls={`${id}-panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => show(tab.name)}
          >
            {tab.label} <span class="count">{countText(tab.count)}</span>
          </button>
        ))}
      </div>
      <section class="panel" id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${open.name}`}>
        {open.body}
      </section>
    </>
  );
}
