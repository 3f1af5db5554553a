import type { Progress } from '../core/operation.ts';
import { bytesText } from './format.ts';
import { fill } from './l10n.ts';

interface ReadingProps {
  readonly progress: Progress | undefined;
  /** While there is something else to look at. */
  readonly quiet?: boolean;
  readonly strings: { readonly reading: string; readonly readingBytes: string; readonly cancel: string };
  cancel(): void;
}

/** Says that something is being read and how far it is. Nothing shows at first, since most of it takes no time. */
export function Reading({ progress, quiet, strings, cancel }: ReadingProps) {
  const known = progress && progress.total > 0 ? progress : undefined;
  const text = known
    ? fill(strings.readingBytes, known.label, bytesText(known.done), bytesText(known.total))
    : strings.reading;
  return (
    <div class={quiet ? 'reading quiet' : 'reading'} role="status">
      <progress aria-label={text} max={known?.total} value={known?.done} />
      <span class="muted">{text}</span>
      <button class="button" onClick={cancel}>
        {strings.cancel}
      </button>
    </div>
  );
}
