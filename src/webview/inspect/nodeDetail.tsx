import * as l10n from '@vscode/l10n';
import { Detail } from '../detail.tsx';
import { countText } from '../format.ts';
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
  const { copy } = usePage();
  const name = node.name || l10n.t('without a name');
  const attributes = Object.entries(node.attributes);
  return (
    <Detail
      name={name}
      heading={
        <>
          {opOf(node)} <span class="muted">{name}</span>
        </>
      }
      copy={{ label: l10n.t('Copy Name'), act: () => copy(node.name) }}
      close={{ label: l10n.t('Close'), act: close }}
    >
      <Ends
        label={l10n.t('Inputs')}
        names={node.inputs}
        others={(_, at) => [wiring.makersOf(index)[at]].filter((maker) => maker !== undefined)}
        wiring={wiring}
        choose={choose}
        textOf={(op, name) => l10n.t('from {0} {1}', op, name)}
      />
      <Ends
        label={l10n.t('Outputs')}
        names={node.outputs}
        others={(name) => wiring.takersOf(index, name)}
        wiring={wiring}
        choose={choose}
        textOf={(op, name) => l10n.t('to {0} {1}', op, name)}
      />
      {attributes.length > 0 && (
        <section class="block">
          <h3>{l10n.t('Attributes')}</h3>
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
  textOf(op: string, name: string): string;
  choose(index: number): void;
}

function Links({ to, wiring, textOf, choose }: LinksProps & { readonly to: readonly number[] }) {
  return (
    <>
      {to.slice(0, mostLinks).map((other) => {
        const node = wiring.rows[other]?.node;
        return (
          node && (
            <button key={other} class="link" onClick={() => choose(other)}>
              {textOf(opOf(node), node.name)}
            </button>
          )
        );
      })}
      {to.length > mostLinks && <span class="muted">+{countText(to.length - mostLinks)}</span>}
    </>
  );
}
