import * as l10n from '@vscode/l10n';
import { usePage } from './page.ts';

interface FailureProps {
  readonly failure: { readonly code?: string; readonly message: string };
  retry(): void;
}

/** Why nothing is shown, and what to do about it. */
export function Failure({ failure, retry }: FailureProps) {
  const { host } = usePage();
  const isCancelled = failure.code === 'cancelled';
  return (
    <div class="empty" role="alert">
      <h2>{titleOf(failure.code)}</h2>
      {!isCancelled && <p class="muted">{failure.message}</p>}
      <div class="actions">
        <button class="button" onClick={retry}>
          {l10n.t('Try Again')}
        </button>
        {!isCancelled && (
          <button class="button" onClick={() => void host.client.call('openAsText').catch(console.error)}>
            {l10n.t('Open as Text Diff')}
          </button>
        )}
      </div>
    </div>
  );
}

function titleOf(code: string | undefined): string {
  if (code === 'cancelled') return l10n.t('Cancelled');
  if (code === 'missingBytes') return l10n.t('The bytes of one side are not on this machine');
  if (code === 'damaged') return l10n.t('The bytes of one side are damaged');
  return l10n.t('The two could not be compared');
}
