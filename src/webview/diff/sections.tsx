import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import { type Tab, Tabs } from '../tabs.tsx';
import { GraphSection } from './graphSection.tsx';
import type { DiffState, TabName } from './messages.ts';
import { metricValues, settingValues } from './namedValues.ts';
import { usePage } from './page.ts';
import { graphChanges, treeChanges } from './state.ts';
import { TensorsSection } from './tensorsSection.tsx';
import { isSame } from './tensorTree.ts';
import { TreesSection } from './treesSection.tsx';
import { ValuesSection } from './valuesSection.tsx';

export interface SectionProps {
  readonly diff: ModelDiff;
  readonly state: DiffState;
  update(change: Partial<DiffState>): void;
}

/** What changed, part by part; parts with nothing in them are not there. */
export function Sections(props: SectionProps) {
  const { diff, state, update } = props;
  const { sides } = usePage();
  const { tensors, graph, trees } = diff;
  const settings = useMemo(() => settingValues(diff), [diff]);
  const metrics = useMemo(() => metricValues(sides), [sides]);
  const moved = useMemo(() => tensors.entries.filter((entry) => !isSame(entry)).length, [tensors]);
  const tabs: readonly Tab<TabName>[] = [
    {
      name: 'trees',
      label: l10n.t('Trees'),
      count: treeChanges(trees),
      body: trees && <TreesSection trees={trees} {...props} />,
    },
    {
      name: 'tensors',
      label: l10n.t('Tensors'),
      count: moved,
      body: <TensorsSection {...props} />,
    },
    {
      name: 'graph',
      label: l10n.t('Graph'),
      count: graphChanges(graph),
      body: graph && <GraphSection graph={graph} {...props} />,
    },
    {
      name: 'settings',
      label: l10n.t('Settings'),
      count: settings.length,
      body: (
        <ValuesSection
          key="settings"
          label={l10n.t('Settings')}
          values={settings}
          state={state.settings}
          update={(settings) => update({ settings })}
        />
      ),
    },
    {
      name: 'metrics',
      label: l10n.t('Metrics'),
      count: metrics.length,
      body: (
        <ValuesSection
          key="metrics"
          label={l10n.t('Metrics')}
          values={metrics}
          state={state.metrics}
          update={(metrics) => update({ metrics })}
        />
      ),
    },
  ];
  return (
    <Tabs
      label={l10n.t('What changed')}
      tabs={tabs.filter(({ count }) => count > 0)}
      open={state.tab}
      show={(tab) => update({ tab })}
    />
  );
}
