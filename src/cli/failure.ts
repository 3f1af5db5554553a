import * as l10n from '@vscode/l10n';
import { type ErrorCode, messageOf, systemCode, TrailError } from '../core/errors.ts';

export type FailureCode = ErrorCode | 'internal';

/** What went wrong, for people and for programs. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  /** More, for who has to find out why. */
  readonly detail?: string;
}

export function failure(error: unknown): Failure {
  if (TrailError.is(error)) return { code: error.code, message: error.message };
  if (error instanceof Error && error.name === 'AbortError')
    return { code: 'cancelled', message: l10n.t('Cancelled.') };
  if (systemCode(error) !== undefined) return { code: 'io', message: messageOf(error) };
  // A mistake of ours: where it was is what a report of it needs.
  const detail = error instanceof Error ? error.stack : undefined;
  return { code: 'internal', message: l10n.t('Modeltrail failed: {0}', messageOf(error)), detail };
}
