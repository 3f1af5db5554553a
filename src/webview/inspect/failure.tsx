import { usePage } from './page.ts';

interface FailureProps {
  readonly failure: { readonly code?: string; readonly message: string };
  /** The file is no longer on disk. */
  readonly isMissing: boolean;
  retry(): void;
}

/** Why nothing is shown, and what to do about it. */
export function Failure({ failure, isMissing, retry }: FailureProps) {
  const { host, strings } = usePage();
  const isCancelled = failure.code === 'cancelled';
  const title = isMissing
    ? strings.missingTitle
    : isCancelled
      ? strings.cancelled
      : failure.code === 'missingBytes'
        ? strings.missingBytesTitle
        : strings.failedTitle;
  return (
    <div class="empty" role="alert">
      <h2>{title}</h2>
      {!isCancelled && <p class="muted">{isMissing ? strings.missing : failure.message}</p>}
      <div class="actions">
        <button class="button" onClick={retry}>
          {strings.retry}
        </button>
        {!isMissing && !isCancelled && (
          <button class="button" onClick={() => void host.client.call('reopen').catch(console.error)}>
            {strings.reopen}
          </button>
        )}
      </div>
    </div>
  );
}
