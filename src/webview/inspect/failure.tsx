import * as l10n from '@vscode/l10n';
import { usePage } from './page.ts';

interface FailureProps {
  readonly failure: { readonly code?: string; readonly message: string };
  /** The file is no longer on disk. */
  readonly isMissing: boolean;
  retry(): void;
}

/** Why nothing is shown, and what to do about it. */
export function Failure({ failure, isMissing, retry }: FailureProps) {
  const { host } = usePage();
  const isCancelled = failure.code === 'cancelled';
  const title = isMissing
    ? l10n.t('The file is not on the disk')
    : isCancelled
      ? l10n.t('Cancelled')
      : failure.code === 'missingBytes'
        ? l10n.t('The bytes of this version are not on this machine')
        : l10n.t('This file could not be read');
  return (
    <div class="empty" role="alert">
      <h2>{title}</h2>
      {!isCancelled && (
        <p class="muted">
          {isMissing
            ? l10n.t(
                'It was deleted, moved or renamed. The versions above can still be shown, and rolled back to.',
              )
            : failure.message}
        </p>
      )}
      <div class="actions">
        <button class="button" onClick={retry}>
          {l10n.t('Try Again')}
        </button>
        {!isMissing && !isCancelled && (
          <button class="button" onClick={() => void host.client.call('reopen').catch(console.error)}>
            {l10n.t('Reopen Editor With…')}
          </button>
        )}
      </div>
    </div>
  );
}
