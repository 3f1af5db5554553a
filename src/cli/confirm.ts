import * as l10n from '@vscode/l10n';
import { createInterface } from 'node:readline';
import { TrailError } from '../core/errors.ts';
import { throwIfCancelled } from '../core/operation.ts';
import type { Host } from './host.ts';

/**
 * Asks on the terminal whether to do what the sentence says.
 * @throws TrailError `refused` when the answer is no, or there is no terminal to ask on
 */
export async function confirm(host: Host, sentence: string): Promise<void> {
  if (host.stdin.isTTY !== true || host.stderr.isTTY !== true) {
    throw new TrailError(
      'refused',
      l10n.t('{0} There is no terminal to ask on: add --yes to go ahead.', sentence),
    );
  }
  host.stderr.write(`${sentence}\n${l10n.t('Go ahead? [y/N]')} `);
  // Not as a terminal: then Ctrl-C stays a signal, and is handled like everywhere else.
  const reader = createInterface({ input: host.stdin, terminal: false, signal: host.signal });
  const answer = await reader[Symbol.asyncIterator]().next();
  reader.close();
  // What comes next belongs on a line of its own.
  if (answer.done === true) host.stderr.write('\n');
  throwIfCancelled(host);
  if (answer.done === true || !/^\s*y(es)?\s*$/i.test(answer.value))
    throw new TrailError('refused', l10n.t('Nothing was changed.'));
}
