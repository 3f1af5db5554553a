/** What went wrong, in terms that a caller can act on; the command line maps each to an exit code. */
export type ErrorCode =
  | 'usage' // the request itself makes no sense
  | 'notFound' // no such model, version, tag or file
  | 'ambiguous' // a reference with several meanings; the message lists them
  | 'refused' // would lose or break something, or the state of the file forbids it
  | 'missingBytes' // the version is known but its bytes are not on this machine
  | 'damaged' // bytes do not match what they should be
  | 'cancelled'
  | 'io'; // the disk or the system said no

/** A failure meant for a person: what happened, to which file, and what to do about it. */
export class TrailError extends Error {
  override readonly name = 'TrailError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }

  /** @param codes any of them; of whatever code if none is given */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is TrailError {
    return error instanceof TrailError && (codes.length === 0 || codes.includes(error.code));
  }
}

/** Whether bytes could not be had because of what is kept, or is not. */
export function isLost(error: unknown): error is TrailError {
  return TrailError.is(error, 'damaged', 'missingBytes');
}

/** The `code` of a Node system error (`ENOENT`, `EACCES`...), if it is one. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
