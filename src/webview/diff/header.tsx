import * as l10n from '@vscode/l10n';
import type { DiffSide, ModelDiff } from '../../diff/modelDiff.ts';
import { bytesText, countText, roughCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { marksOf } from '../marks.ts';
import { Menu } from '../menu.tsx';
import { useOutcome } from '../outcome.ts';
import { diffCsv, diffHtml, diffJson, diffMarkdown } from './export.ts';
import type { FileKind, Side } from './messages.ts';
import { usePage } from './page.ts';

/** What is compared, and how to take the result out of the page. */
export function Header({ diff }: { diff: ModelDiff | undefined }) {
  const { host, sides } = usePage();
  return (
    <header class="diff-head">
      <div class="sides">
        <SideCard side={sides.a} model={diff?.a} label={l10n.t('Before')} />
        <button
          class="icon-button swap"
          aria-label={l10n.t('Swap Sides')}
          title={l10n.t('Swap Sides')}
          onClick={() => void host.client.call('swap').catch(console.error)}
        >
          <Icon name="swap" />
        </button>
        <SideCard side={sides.b} model={diff?.b} label={l10n.t('After')} />
      </div>
      {diff && <Tools diff={diff} />}
    </header>
  );
}

interface SideCardProps {
  readonly side: Side;
  readonly model: DiffSide | undefined;
  readonly label: string;
}

function SideCard({ side, model, label }: SideCardProps) {
  const { host, sides } = usePage();
  const { key, name, message, age, time } = side;
  const isOneModel = sides.a.key.model === sides.b.key.model && sides.a.key.root === sides.b.key.root;
  const facts = [
    ...(model ? [model.formatLabel, bytesText(model.size)] : []),
    ...(model?.parameters ? [l10n.t('{0} parameters', roughCount(model.parameters))] : []),
  ];
  return (
    <section class="side" aria-label={label}>
      <div class="side-name">
        <h2>
          <button
            class="link"
            title={l10n.t('Show what is inside {0}', name)}
            onClick={() => void host.client.call('inspect', key).catch(console.error)}
          >
            {name}
          </button>
        </h2>
        {marksOf(side).map((mark) => (
          <span key={mark} class="mark">
            {mark}
          </span>
        ))}
        <span class="muted age" title={time}>
          {age}
        </span>
      </div>
      {!isOneModel && (
        <p class="muted label" title={key.model}>
          {key.model}
        </p>
      )}
      {message !== '' && (
        <p class="label" title={message}>
          {message.split('\n')[0]}
        </p>
      )}
      {facts.length > 0 && (
        <p class="muted label" title={model && l10n.t('{0} bytes', countText(model.size))}>
          {facts.join(' · ')}
        </p>
      )}
    </section>
  );
}

function Tools({ diff }: { diff: ModelDiff }) {
  const { host, sides, announce } = usePage();
  const { said, run } = useOutcome(announce);
  const save = (kind: FileKind, text: () => string) => () =>
    void run(async () => ((await host.client.call('save', kind, text())) ? l10n.t('Saved') : ''));
  const copyMarkdown = (): void =>
    void run(async () => {
      await host.client.call('copy', diffMarkdown(diff, sides));
      return l10n.t('Copied');
    });
  return (
    <div class="table-tools">
      <span class="muted said">{said}</span>
      <Menu
        label={l10n.t('Copy or Export')}
        items={[
          [l10n.t('Copy as Markdown'), copyMarkdown],
          [l10n.t('Export as HTML…'), save('html', () => diffHtml(diff, sides))],
          [l10n.t('Export as JSON…'), save('json', () => diffJson(diff))],
          [l10n.t('Export Tensors as CSV…'), save('csv', () => diffCsv(diff))],
          [l10n.t('Open as Text Diff'), () => void host.client.call('openAsText').catch(console.error)],
        ]}
      />
    </div>
  );
}
