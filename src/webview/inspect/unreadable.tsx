import * as l10n from '@vscode/l10n';
import type { Model } from './load.ts';
import { bytesText } from '../format.ts';
import { usePage } from './page.ts';

/** For a file in which there is nothing to show: what it is instead. */
export function Unreadable({ model }: { model: Model }) {
  const { host } = usePage();
  const { format, size } = model.record;
  const isPointer = format === 'lfsPointer';
  const isKnown = format !== 'unknown' && format !== 'text' && format !== 'compressed';
  const [title, text] = isPointer
    ? [
        l10n.t('This is a Git LFS pointer'),
        l10n.t(
          'The bytes of the model are not on this machine. “git lfs pull” brings them; versions above that are here can be shown all the same.',
        ),
      ]
    : isKnown
      ? [
          l10n.t('There is nothing in this model'),
          l10n.t(
            'It is a {0} file without tensors, settings or a graph that can be read.',
            model.formatLabel,
          ),
        ]
      : [
          l10n.t('Nothing is known about this file'),
          l10n.t(
            'It looks like this: {0}, {1}. Another editor may show more of it.',
            model.formatLabel,
            bytesText(size),
          ),
        ];
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      <div class="actions">
        <button class="button" onClick={() => void host.client.call('reopen').catch(console.error)}>
          {l10n.t('Reopen Editor With…')}
        </button>
      </div>
    </div>
  );
}
