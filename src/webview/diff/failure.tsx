import * as l10n from '@vscode/l10n';
import { usePage } from './page.ts';

/** Of a pointer nothing can be compared: its bytes are elsewhere. */
export function Pointer({ name, retry }: { name: string; retry: () => void }) {
  return (
    <div class="empty" role="alert">
      <h1>{l10n.t('{0} is a Git LFS pointer', name)}</h1>
      <p class="muted">
        {l10n.t('The bytes of the model are not on this machine. “git lfs pull” brings them.')}
      </p>
      <Actions retry={retry} />
    </div>
  );
}

interface FailureProps {
  readonly failure: { readonly code?: string; readonly message: string };
  retry(): void;
}

/** Why nothing is shown, and what to do about it. */
export function Failure({ failure, retry }: FailureProps) {
  const isCancelled = failure.code === 'cancelled';
  // Without the bytes there is no text of them.
  const isReadable = failure.code !== 'missingBytes' && failure.code !== 'damaged';
  return (
    <div class="empty" role="alert">
      <h1>{titleOf(failure.code)}</h1>
      {!isCancelled && <p class="muted">{failure.message}</p>}
      <Actions retry={retry} canOpen={!isCancelled && isReadable} />
    </div>
  );
}

function Actions({ retry, canOpen = true }: { retry: () => void; canOpen?: boolean }) {
  const { host } = usePage();
  return (
    <div class="actions">
      <button class="button" onClick={retry}>
        {l10n.t('Try Again')}
      </button>
      {canOpen && (
        <button class="button" onClick={() => void host.client.call('openAsText').catch(console.error)}>
          {l10n.t('Open as Text Diff')}
        </button>
      )}
    </div>
  );
}

function titleOf(code: string | undefined): string {
  if (code === 'cancelled') return l10n.t('Cancelled');
  if (code === 'missingBytes') return l10n.t('The bytes of one side are not on this machine');
  if (code === 'damaged') return l10n.t('The bytes of one side are damaged');
  return l10n.t('The two could not be compared');
}
