import * as l10n from '@vscode/l10n';
import { TrailError } from './errors.ts';

/** How far a long piece of work is, in bytes. `total` is 0 while it is not known. */
export interface Progress {
  readonly label: string;
  readonly done: number;
  readonly total: number;
}

/** What a long piece of work is given: a way to be stopped, and a way to say how far it is. */
export interface Operation {
  readonly signal: AbortSignal;
  report(progress: Progress): void;
}

export const unattended: Operation = { signal: new AbortController().signal, report() {} };

export function cancelled(): TrailError {
  return new TrailError('cancelled', l10n.t('Cancelled. Nothing was changed.'));
}

/** @throws TrailError `cancelled` */
export function throwIfCancelled(operation: Pick<Operation, 'signal'>): void {
  if (operation.signal.aborted) throw cancelled();
}
