import { fill } from '../l10n.ts';
import { Icon } from '../icons.tsx';
import { type NodeRow, opOf, type Wiring } from './graphView.ts';
import { usePage } from './page.ts';

interface NodeDetailProps {
  readonly row: NodeRow;
  readonly wiring: Wiring;
  choose(index: number): void;
  copy(text: string): void;
  close(): void;
}

/** A node, with ways to those before and behind it. */
export function NodeDetail({ row: { index, node }, wiring, choose, copy, close }: NodeDetailProps) {
  const { strings } = usePage();
  const name = node.name || strings.unnamed;
  const attributes = Object.entries(node.attributes);
  return (
    <aside class="detail" aria-label={name} onKeyDown={({ key }) => key === 'Escape' && close()}>
      <div class="detail-head">
        <h2 title={name}>
          {opOf(node)} <span class="muted">{name}</span>
        </h2>
        <button
          class="icon-button"
          aria-label={strings.copyName}
          title={strings.copyName}
          onClick={() => copy(node.name)}
        >
          <Icon name="copy" />
        </button>
        <button class="icon-button" aria-label={strings.close} title={strings.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <Ends
        label={strings.inputs}
        names={node.inputs}
        others={(_, at) => [wiring.makersOf(index)[at]].filter((maker) => maker !== undefined)}
        wiring={wiring}
        choose={choose}
        template={strings.fromNode}
      />
      <Ends
        label={strings.outputs}
        names={node.outputs}
        others={(name) => wiring.takersOf(index, name)}
        wiring={wiring}
        choose={choose}
        template={strings.toNode}
      />
      {attributes.length > 0 && (
        <section class="block">
          <h3>{strings.attributes}</h3>
          <dl class="values">
            {attributes.map(([key, value]) => (
              <div key={key}>
                <dt title={key}>{key}</dt>
                <dd class="mono">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </aside>
  );
}

interface EndsProps {
  readonly label: string;
  readonly names: readonly string[];
  readonly wiring: Wiring;
  readonly template: string;
  others(name: string, at: number): readonly number[];
  choose(index: number): void;
}

function Ends({ label, names, others, wiring, choose, template }: EndsProps) {
  if (names.length === 0) return null;
  return (
    <section class="block">
      <h3>{label}</h3>
      <ul class="ends">
        {names.map((name, index) => (
          <li key={index}>
            <span class="mono label" title={name}>
              {name || '–'}
            </span>
            {others(name, index).map((other) => {
              const node = wiring.rows[other]?.node;
              return (
                node && (
                  <button key={other} class="link" onClick={() => choose(other)}>
                    {fill(template, opOf(node), node.name)}
                  </button>
                )
              );
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
