import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { type Tab, Tabs } from '../tabs.tsx';
import { GraphSection } from './graphSection.tsx';
import type { Model } from './load.ts';
import type { InspectState, TabName, Trail } from './messages.ts';
import { isBlank, settingCount } from './record.ts';
import { SettingsSection } from './settingsSection.tsx';
import { TensorsSection } from './tensorsSection.tsx';
import { TreesSection } from './treesSection.tsx';
import { Unreadable } from './unreadable.tsx';

export interface SectionProps {
  readonly model: Model;
  readonly state: InspectState;
  update(change: Partial<InspectState>): void;
}

/** The parts of a model, of which those show that it has. */
export function Sections({ trail, ...props }: SectionProps & { readonly trail: Trail | undefined }) {
  const { record } = props.model;
  const settings = useMemo(() => settingCount(record), [record]);
  const tabs: readonly Tab<TabName>[] = [
    {
      name: 'trees',
      label: l10n.t('Trees'),
      count: record.trees?.trees.length ?? 0,
      body: record.trees && <TreesSection trees={record.trees} {...props} />,
    },
    {
      name: 'tensors',
      label: l10n.t('Tensors'),
      count: record.tensors.length,
      body: <TensorsSection {...props} />,
    },
    {
      name: 'graph',
      label: l10n.t('Graph'),
      count: record.graph?.nodes.length ?? 0,
      body: record.graph && <GraphSection graph={record.graph} {...props} />,
    },
    { name: 'settings', label: l10n.t('Metadata'), count: settings, body: <SettingsSection {...props} /> },
  ];
  const there = tabs.filter((tab) => tab.count > 0 || (tab.name === 'graph' && record.graph !== undefined));
  if (isBlank(record)) return <Unreadable model={props.model} trail={trail} />;
  return (
    <Tabs
      label={l10n.t('Parts of the model')}
      tabs={there}
      open={props.state.tab}
      show={(tab) => props.update({ tab })}
    />
  );
}
