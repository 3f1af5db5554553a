import type { ComponentChildren } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import { countText } from './format.ts';
import { GraphSection } from './graphSection.tsx';
import type { Model } from './load.ts';
import type { InspectState, TabName } from './messages.ts';
import { usePage } from './page.ts';
import { SettingsSection } from './settingsSection.tsx';
import { TensorsSection } from './tensorsSection.tsx';
import { TreesSection } from './treesSection.tsx';
import { Unreadable } from './unreadable.tsx';

export interface SectionProps {
  readonly model: Model;
  readonly state: InspectState;
  update(change: Partial<InspectState>): void;
}

interface Tab {
  readonly name: TabName;
  readonly label: string;
  readonly count: number;
  readonly body: ComponentChildren;
}

/** The parts of a model, of which those show that it has. */
export function Sections(props: SectionProps) {
  const { strings } = usePage();
  const id = useId();
  const { record } = props.model;
  const settings = useMemo(
    () => Object.keys(record.hyperparameters).length + Object.keys(record.metadata).length,
    [record],
  );
  const tabs: readonly Tab[] = [
    {
      name: 'trees',
      label: strings.trees,
      count: record.trees?.trees.length ?? 0,
      body: record.trees && <TreesSection trees={record.trees} {...props} />,
    },
    {
      name: 'tensors',
      label: strings.tensors,
      count: record.tensors.length,
      body: <TensorsSection {...props} />,
    },
    {
      name: 'graph',
      label: strings.graph,
      count: record.graph?.nodes.length ?? 0,
      body: record.graph && <GraphSection graph={record.graph} {...props} />,
    },
    { name: 'settings', label: strings.settings, count: settings, body: <SettingsSection {...props} /> },
  ];
  const there = tabs.filter((tab) => tab.count > 0 || (tab.name === 'graph' && record.graph !== undefined));
  const open = there.find((tab) => tab.name === props.state.tab) ?? there[0];
  if (!open || record.format === 'lfsPointer') return <Unreadable model={props.model} />;

  function onKeyDown(event: KeyboardEvent): void {
    const at = open ? there.indexOf(open) : 0;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % there.length,
      ArrowLeft: (at + there.length - 1) % there.length,
      Home: 0,
      End: there.length - 1,
    };
    const to = moves[event.key];
    const tab = to === undefined ? undefined : there[to];
    if (!tab) return;
    event.preventDefault();
    props.update({ tab: tab.name });
    document.getElementById(`${id}-${tab.name}`)?.focus();
  }

  return (
    <>
      <div class="tabs" role="tablist" aria-label={strings.sections} onKeyDown={onKeyDown}>
        {there.map((tab) => (
          <button
            key={tab.name}
            id={`${id}-${tab.name}`}
            role="tab"
            aria-selected={tab === open}
            aria-controls={`${id}-panel`}
            tabIndex={tab === open ? 0 : -1}
            onClick={() => props.update({ tab: tab.name })}
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
