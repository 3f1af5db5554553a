import * as l10n from '@vscode/l10n';
import type { Progress } from '../core/operation.ts';
import { bytesText } from './format.ts';

interface ReadingProps {
  readonly progress: Progress | undefined;
  /** While there is something else to look at. */
  readonly quiet?: boolean;
  cancel(): void;
}

/** Says that something is being read and how far it is. Nothing shows at first, since most of it takes no time. */
export function Reading({ progress, quiet, cancel }: ReadingProps) {
  const known = progress && progress.total > 0 ? progress : undefined;
  const text = known
    ? l10n.t('{0} ({1} of {2})', known.label, bytesText(known.done), bytesText(known.total))
    : l10n.t('Reading…');
  return (
    <div class={quiet ? 'reading quiet' : 'reading'} role="status">
      <progress aria-label={text} max={known?.total} value={known?.done} />
      <span class="muted">{text}</span>
      <button class="button" onClick={cancel}>
        {l10n.t('Cancel')}
      </button>
    </div>
  );
}
