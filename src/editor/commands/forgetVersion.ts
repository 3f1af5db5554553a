import * as vscode from 'vscode';
import type { Version } from '../../core/versions.ts';
import type { ForgetPlan } from '../../trail/api/store.ts';
import { runLong } from '../longOperation.ts';
import type { OpenTrail, VersionRef } from '../openTrail.ts';
import { formatBytes, listOf, listOrCount, versionCount } from '../text.ts';
import { type Command, confirm, requireTrust } from './context.ts';
import { forgetAndFree, freedText, givenUpText, nameOf } from './freeing.ts';
import { givenVersion, pickVersion } from './pick.ts';

/** Gives up the bytes of a version, or of all that are selected; what is known of them stays. */
export const forgetVersion: Command = async ({ trails }, target, selected) => {
  requireTrust();
  const { l10n } = vscode;
  const chosen = await pickVersion(trails, target, l10n.t('Forget Version'), {
    models: {
      // The latest is recorded, if any is.
      isOffered: ({ latest }) => latest?.number !== undefined,
      none: l10n.t('None of the models here has recorded versions; those in Git take no space here.'),
    },
    except: (version) => !isKept(version),
    none: nothingToForget,
  });
  if (!chosen) return;
  const { trail } = chosen;
  const versions = withSelected(chosen, selected);
  const targets = versions.map(({ model, id }) => ({ model, version: id }));
  const plan = await runLong(l10n.t('Looking at what would be free'), (operation) =>
    trail.api.planForget(targets, operation),
  );
  const names = listOrCount(versions.map(nameOf), versionCount);
  if (!(await confirm(question(versions, names, plan), l10n.t('Forget')))) return;
  const report = await forgetAndFree(trail, targets);
  const gone = l10n.t('The bytes of {0} were given up.', names);
  const isShared = plan.bytes === 0 && plan.givenUp.length === 0 && report.heldBy.length === 0;
  void vscode.window.showInformationMessage(isShared ? gone : `${gone} ${freedText(report)}`);
};

function nothingToForget(model: string, versions: readonly Version[]): string {
  return versions.some(({ number }) => number !== undefined)
    ? vscode.l10n.t('The bytes of all recorded versions of {0} were given up before.', model)
    : vscode.l10n.t('{0} has no recorded versions; those in Git take no space here.', model);
}

function isKept({ number, forgotten }: Version): boolean {
  return number !== undefined && !forgotten;
}

/** All selected versions when one of them was clicked. */
function withSelected({ trail, version }: VersionRef, selected: unknown): readonly Version[] {
  const others = (Array.isArray(selected) ? selected : [])
    .map(givenVersion)
    .filter((ref) => ref !== undefined);
  const here = others.filter((ref) => isOf(trail, ref) && isKept(ref.version)).map((ref) => ref.version);
  return here.some(({ id, model }) => id === version.id && model === version.model) ? here : [version];
}

function isOf(trail: OpenTrail, ref: VersionRef): boolean {
  return ref.trail.root === trail.root;
}

/** Says what else is known by the versions, and what goes besides. */
function question(
  versions: readonly Version[],
  names: string,
  { bytes, givenUp, heldElsewhere }: ForgetPlan,
): string {
  const { l10n } = vscode;
  const asked =
    bytes === 0
      ? l10n.t(
          'Give up the bytes of {0}? Other versions need the same bytes, so nothing becomes free.',
          names,
        )
      : l10n.t('Give up the bytes of {0}, to free {1}?', names, formatBytes(bytes));
  const inGit = versions.every(({ sources }) => sources.some((source) => source !== 'recorded'));
  const after = inGit
    ? l10n.t('What is known stays, and Git can still bring the bytes back.')
    : l10n.t('What is known stays, but the bytes cannot be brought back.');
  const known = versions.flatMap((version) => [
    ...(version.tags.length > 0 ? [l10n.t('{0} is tagged {1}.', nameOf(version), listOf(version.tags))] : []),
    ...(version.stage === undefined ? [] : [l10n.t('{0} is in {1}.', nameOf(version), version.stage)]),
  ]);
  const elsewhere = heldElsewhere.map(({ version, why }) =>
    l10n.t('{0} is {1}.', nameOf(version), listOf(why)),
  );
  return [asked, ...known, ...elsewhere, after, givenUpText(givenUp)].filter((part) => part !== '').join(' ');
}
