import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { Bars } from './bars.tsx';
import { countText, shapeText } from '../format.ts';
import { operatorsOf } from './graphView.ts';
import type { Graph, GraphValue } from './record.ts';

interface GraphOverviewProps {
  readonly graph: Graph;
  readonly filter: string;
  setFilter(filter: string): void;
}

/** What goes in and out, and which operators do the work; a click on one filters the nodes. */
export function GraphOverview({ graph, filter, setFilter }: GraphOverviewProps) {
  const operators = useMemo(() => operatorsOf(graph), [graph]);
  const pressed = /^op:(\S+)$/.exec(filter.trim())?.[1];
  return (
    <aside class="detail" aria-label={l10n.t('Graph')}>
      <h2 class="hidden-text">{l10n.t('Graph')}</h2>
      <Values label={l10n.t('Inputs')} values={graph.inputs} />
      <Values label={l10n.t('Outputs')} values={graph.outputs} />
      {graph.opsets.length > 0 && (
        <section class="block">
          <h3>{l10n.t('Operator sets')}</h3>
          <p>{graph.opsets.map(({ domain, version }) => `${domain || 'ai.onnx'} ${version}`).join(', ')}</p>
        </section>
      )}
      <section class="block">
        <h3>{l10n.t('Operators')}</h3>
        <Bars
          label={l10n.t('Operators')}
          items={operators.map(({ op, count }) => ({ name: op, value: count, text: countText(count) }))}
          pressed={pressed}
          press={(op) => setFilter(op === pressed ? '' : `op:${op}`)}
        />
      </section>
    </aside>
  );
}

function Values({ label, values }: { label: string; values: readonly GraphValue[] }) {
  if (values.length === 0) return null;
  return (
    <section class="block">
      <h3>{label}</h3>
      <dl class="values">
        {values.map((value, index) => (
          <div key={index}>
            <dt title={value.name}>{value.name}</dt>
            <dd>
              {value.dtype} {value.shape && shapeText(value.shape, l10n.t('scalar'))} {value.quantizer}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
