import * as l10n from '@vscode/l10n';
import { bytesText } from '../format.ts';
import type { Model } from './load.ts';
import type { Shown, Trail } from './messages.ts';
import { usePage } from './page.ts';

interface UnreadableProps {
  readonly model: Model;
  readonly trail: Trail | undefined;
}

/** For a file in which there is nothing to show: what it is instead, and what to do about it. */
export function Unreadable({ model, trail }: UnreadableProps) {
  const { host, shown } = usePage();
  const isBack = isDamaged(model) && shown === null && hasOther(trail);
  const [title, text] = isDamaged(model) ? damage(shown, isBack) : nothing(model);
  const ask = (call: 'reopen' | 'rollBack') => () => void host.client.call(call).catch(console.error);
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      <div class="actions">
        {isBack && (
          <button class="button" onClick={ask('rollBack')}>
            {l10n.t('Roll Back to Version…')}
          </button>
        )}
        <button class="button" onClick={ask('reopen')}>
          {l10n.t('Reopen Editor With…')}
        </button>
      </div>
    </div>
  );
}

function isDamaged({ record }: Model): boolean {
  return record.findings.some(({ severity }) => severity === 'error');
}

/** Whether there is a version that the file on disk could be rolled back to. */
function hasOther(trail: Trail | undefined): boolean {
  if (!trail || trail.working.state === 'untracked') return false;
  return trail.versions.some(({ id }) => id !== trail.working.version);
}

type Words = readonly [title: string, text: string];

function damage(shown: Shown, isBack: boolean): Words {
  if (shown !== null)
    return [
      l10n.t('This version is damaged'),
      l10n.t('Nothing in it can be read. Another version above may be whole.'),
    ];
  return [
    l10n.t('This file is damaged'),
    isBack
      ? l10n.t('Nothing in it can be read. You can roll back to a version above; what is here now is kept.')
      : l10n.t('Nothing in it can be read. Write it again, or copy it from where it is whole.'),
  ];
}

function nothing({ record: { format, size, complete }, formatLabel }: Model): Words {
  if (format === 'lfsPointer')
    return [
      l10n.t('This is a Git LFS pointer'),
      l10n.t(
        'The bytes of the model are not on this machine. “git lfs pull” brings them; versions above that are here can be shown all the same.',
      ),
    ];
  if (format === 'onnxData')
    return [
      l10n.t('These are weights of an ONNX model'),
      l10n.t(
        'What they are called, and their types and shapes, is in the .onnx file beside this one: open that.',
      ),
    ];
  if (format === 'unknown' || format === 'text' || format === 'compressed')
    return [
      l10n.t('Nothing is known about this file'),
      l10n.t(
        'It looks like this: {0}, {1}. Another editor may show more of it.',
        formatLabel,
        bytesText(size),
      ),
    ];
  return complete
    ? [
        l10n.t('There is nothing in this model'),
        l10n.t('It is a {0} file without tensors, settings or a graph that can be read.', formatLabel),
      ]
    : [
        l10n.t('This file could not be read'),
        l10n.t('It is a {0} file, of which nothing is shown for the reason above.', formatLabel),
      ];
}
