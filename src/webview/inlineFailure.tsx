interface InlineFailureProps {
  readonly message: string;
  readonly retry: { readonly label: string; act(): void };
}

/** Why a part of the page is not there, and the way to try again. */
export function InlineFailure({ message, retry }: InlineFailureProps) {
  return (
    <div class="inline-failure" role="alert">
      <p>{message}</p>
      <button class="button" onClick={retry.act}>
        {retry.label}
      </button>
    </div>
  );
}
