import * as vscode from 'vscode';
import { TrailError } from '../../core/errors.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { GarbageReport, GivenUpVersion } from '../../trail/api/store.ts';
import type { VersionTarget } from '../../trail/api/targets.ts';
import { runLong } from '../longOperation.ts';
import type { OpenTrail } from '../openTrail.ts';
import { baseName, formatBytes, listOf, listOrCount, versionCount } from '../text.ts';

/** What giving up bytes made free, and will make free later, in bytes. */
export interface Freeing extends Pick<GarbageReport, 'freed' | 'waiting' | 'heldBy'> {
  readonly given: number;
}

/** Gives up the bytes of versions and frees their space, as far as nobody may rely on it any more. */
export function forgetAndFree(trail: OpenTrail, targets: readonly VersionTarget[]): Promise<Freeing> {
  return runLong(
    vscode.l10n.t('Freeing space'),
    async (operation) => {
      const given = targets.length === 0 ? 0 : (await trail.api.forget(targets, operation)).bytes;
      try {
        return { given, ...(await trail.api.collectGarbage(operation)) };
      } catch (error) {
        // They are given up; whoever tidies up the next time frees their space.
        const isLater = TrailError.is(error, 'cancelled', 'refused');
        if (isLater && targets.length > 0) return { given, freed: 0, waiting: given, heldBy: [] };
        throw error;
      }
    },
    'now',
  );
}

export function nameOf(version: Version): string {
  return vscode.l10n.t('{0} of {1}', versionName(version), baseName(version.model));
}

/** Names what goes though nobody asked for it now; an empty text when there is none. */
export function givenUpText(givenUp: readonly GivenUpVersion[]): string {
  if (givenUp.length === 0) return '';
  return vscode.l10n.t(
    'The bytes of {0} go too, which were given up before by {1}.',
    listOrCount(
      givenUp.map(({ version }) => nameOf(version)),
      versionCount,
    ),
    listOf([...new Set(givenUp.map(({ by }) => by.name))]),
  );
}

export function freedText(freeing: Freeing): string {
  return [amountText(freeing), ...freeing.heldBy.map(({ message }) => message)].join(' ');
}

function amountText({ given, freed, waiting }: Freeing): string {
  const { l10n } = vscode;
  const [now, later] = [formatBytes(freed), formatBytes(waiting)];
  if (freed === 0 && waiting === 0) {
    return given === 0
      ? l10n.t('There was nothing to free.')
      : l10n.t('{0} become free when what they are stored with is written again.', formatBytes(given));
  }
  if (waiting === 0) return l10n.t('{0} are free again.', now);
  return freed === 0
    ? l10n.t('{0} become free when no program has used them for an hour.', later)
    : l10n.t(
        '{0} are free again. {1} more become free when no program has used them for an hour.',
        now,
        later,
      );
}
