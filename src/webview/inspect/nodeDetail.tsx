import { Detail } from '../detail.tsx';
import { countText } from '../format.ts';
import { fill } from '../l10n.ts';
import { type NodeRow, opOf, type Wiring } from './graphView.ts';
import { usePage } from './page.ts';

interface NodeDetailProps {
  readonly row: NodeRow;
  readonly wiring: Wiring;
  choose(index: number): void;
  close(): void;
}

/** A node, with ways to those before and behind it. */
export function NodeDetail({ row: { index, node }, wiring, choose, close }: NodeDetailProps) {
  const { strings, copy } = usePage();
  const name = node.name || strings.unnamed;
  const attributes = Object.entries(node.attributes);
  return (
    <Detail
      name={name}
      heading={
        <>
          {opOf(node)} <span class="muted">{name}</span>
        </>
      }
      copy={{ label: strings.copyName, act: () => copy(node.name) }}
      close={{ label: strings.close, act: close }}
    >
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
    </Detail>
  );
}

/** A constant may go to every node of a large graph. */
const mostLinks = 50;

interface EndsProps extends LinksProps {
  readonly label: string;
  readonly names: readonly string[];
  others(name: string, at: number): readonly number[];
}

function Ends({ label, names, others, ...links }: EndsProps) {
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
            <Links to={others(name, index)} {...links} />
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LinksProps {
  readonly wiring: Wiring;
  readonly template: string;
  choose(index: number): void;
}

function Links({ to, wiring, choose, template }: LinksProps & { readonly to: readonly number[] }) {
  return (
    <>
      {to.slice(0, mostLinks).map((other) => {
        const node = wiring.rows[other]?.node;
        return (
          node && (
            <button key={other} class="link" onClick={() => choose(other)}>
              {fill(template, opOf(node), node.name)}
            </button>
          )
        );
      })}
      {to.length > mostLinks && <span class="muted">+{countText(to.length - mostLinks)}</span>}
    </>
  );
}
