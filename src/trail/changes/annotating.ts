import * as l10n from '@vscode/l10n';
import { saysMore, type Values } from '../../core/contradictions.ts';
import { TrailError } from '../../core/errors.ts';
import { tagProblem } from '../../core/references.ts';
import { shortId } from '../../core/shortId.ts';
import { versionName } from '../../core/versions.ts';
import type { VersionTarget } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { append } from './journaling.ts';

// What people say of a version. Each returns the id of its fact, which can be undone; undefined where it was so already, and nothing is written.

export async function tag(
  context: TrailContext,
  target: VersionTarget,
  name: string,
  move: boolean,
): Promise<string | undefined> {
  checkTagName(name);
  const version = context.catalogue.version(target);
  const holder = context.catalogue.factsOf(target.model)?.tags.get(name);
  if (holder === target.version) return undefined;
  if (holder !== undefined && !move) {
    const other = context.catalogue.versionsOf(target.model).find(({ id }) => id === holder);
    const otherName = other ? versionName(other) : shortId(holder);
    throw new TrailError(
      'refused',
      l10n.t(
        'The tag "{0}" is on {1} of {2}. To put it on {3}, move it.',
        name,
        otherName,
        target.model,
        versionName(version),
      ),
    );
  }
  return (await append(context, { kind: 'tagged', by: context.author, ...target, tag: name })).id;
}

export async function stage(
  context: TrailContext,
  target: VersionTarget,
  name: string,
): Promise<string | undefined> {
  const version = context.catalogue.version(target);
  const { stages } = context.settings;
  if (!stages.includes(name)) {
    throw new TrailError(
      'usage',
      l10n.t('There is no stage "{0}". The stages are: {1}.', name, stages.join(', ')),
    );
  }
  if (version.stage === name) return undefined;
  return (await append(context, { kind: 'staged', by: context.author, ...target, stage: name })).id;
}

export async function untag(
  context: TrailContext,
  target: VersionTarget,
  name: string,
): Promise<string | undefined> {
  if (!context.catalogue.version(target).tags.includes(name)) return undefined;
  return (await append(context, { kind: 'untagged', by: context.author, ...target, tag: name })).id;
}

export async function unstage(context: TrailContext, target: VersionTarget): Promise<string | undefined> {
  const { stage: left } = context.catalogue.version(target);
  if (left === undefined) return undefined;
  return (await append(context, { kind: 'unstaged', by: context.author, ...target, stage: left })).id;
}

export async function note(context: TrailContext, target: VersionTarget, text: string): Promise<string> {
  context.catalogue.version(target);
  return (await append(context, { kind: 'noted', by: context.author, ...target, note: text })).id;
}

export async function measure(
  context: TrailContext,
  target: VersionTarget,
  { metrics, params }: Values,
): Promise<string | undefined> {
  if (!saysMore(context.catalogue.version(target), { metrics, params })) return undefined;
  return (await append(context, { kind: 'measured', by: context.author, ...target, metrics, params })).id;
}

function checkTagName(name: string): void {
  const problem = tagProblem(name);
  if (!problem) return;
  const messages = {
    empty: () => l10n.t('A tag needs a name.'),
    tooLong: () => l10n.t('A tag can have 100 characters at most.'),
    characters: () =>
      l10n.t(
        '"{0}" cannot be a tag: use letters, digits and . _ - + = / and begin and end with a letter or digit.',
        name,
      ),
    looksLikeNumber: () => l10n.t('"{0}" cannot be a tag: it would be taken for a version number.', name),
  };
  throw new TrailError('usage', messages[problem]());
}
