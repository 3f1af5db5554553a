import { fill } from '../l10n.ts';
import type { Model } from './load.ts';
import { bytesText } from '../format.ts';
import { usePage } from './page.ts';

/** For a file in which there is nothing to show: what it is instead. */
export function Unreadable({ model }: { model: Model }) {
  const { host, strings } = usePage();
  const { format, size } = model.record;
  const isPointer = format === 'lfsPointer';
  const isKnown = format !== 'unknown' && format !== 'text' && format !== 'compressed';
  const [title, text] = isPointer
    ? [strings.pointerTitle, strings.pointer]
    : isKnown
      ? [strings.emptyTitle, fill(strings.empty, model.formatLabel)]
      : [strings.unknownTitle, fill(strings.unknown, model.formatLabel, bytesText(size))];
  return (
    <div class="empty">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      <div class="actions">
        <button class="button" onClick={() => void host.client.call('reopen').catch(console.error)}>
          {strings.reopen}
        </button>
      </div>
    </div>
  );
}
