import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { formatBytes } from '../../core/formatBytes.ts';
import type { Version } from '../../core/versions.ts';
import type { ForgetPlan } from '../../trail/api/store.ts';
import type { VersionTarget } from '../../trail/api/targets.ts';
import { defineCommand, type Outcome } from '../command.ts';
import { givenUpDocument, versionDocument } from '../documents.ts';
import { resolve, spoken } from '../references.ts';
import { dryRunOption } from './gc.ts';
import { yesOption } from './rollback.ts';

export const forget = defineCommand({
  name: 'forget',
  summary: () => l10n.t('Give up the bytes of versions; what is known of them stays.'),
  positionals: ['REF...'],
  options: { 'dry-run': dryRunOption, yes: yesOption },
  async run(session, { positionals, options }) {
    const targets = new Map<string, VersionTarget>();
    const chosen: Version[] = [];
    for (const reference of positionals) {
      const { model, version } = await resolve(session, reference);
      if (!version)
        throw new TrailError(
          'usage',
          l10n.t('Say which version: {0}@v1, for example.', session.paths.shown(model)),
        );
      const key = `${model}@${version.id}`;
      if (!targets.has(key)) chosen.push(version);
      targets.set(key, { model, version: version.id });
    }
    const names = chosen.map((version) => spoken(session, version));
    const { trail, operation } = session;
    const plan = (): Promise<ForgetPlan> => trail.planForget([...targets.values()], operation);
    if (options['dry-run']) return dryRun(await plan(), chosen, names);
    if (!options.yes) await session.confirm(question(await plan(), chosen, names));
    const { forgotten, bytes } = await trail.forget([...targets.values()], operation);
    return {
      json: { forgotten: forgotten.map(versionDocument), bytes },
      text: [
        l10n.t('Gave up the bytes of {0}.', names.join(', ')),
        bytes > 0
          ? l10n.t('`modeltrail gc` frees {0} when no program has used it for an hour.', formatBytes(bytes))
          : l10n.t(
              'Nothing becomes free: other versions, here, on other branches or in other folders, need the same bytes, or may.',
            ),
      ].join('\n'),
    };
  },
});

/** The plan alone. It fails like the command itself where nothing may be given up. */
function dryRun(plan: ForgetPlan, versions: readonly Version[], names: readonly string[]): Outcome {
  const { bytes, givenUp, heldElsewhere } = plan;
  return {
    json: {
      free: versions.map(versionDocument),
      bytes,
      givenUp: givenUp.map(givenUpDocument),
      heldElsewhere: heldElsewhere.map(({ version, reasons }) => ({
        version: versionDocument(version),
        reasons,
      })),
    },
    text: [question(plan, versions, names), l10n.t('Nothing was changed.')].join('\n'),
  };
}

/** Says what else is known by the versions: who reads `@production` may not think of it. */
function question(
  { bytes, heldElsewhere }: ForgetPlan,
  versions: readonly Version[],
  names: readonly string[],
): string {
  return [
    bytes > 0
      ? l10n.t('The bytes of {0} will be given up, to free {1}.', names.join(', '), formatBytes(bytes))
      : l10n.t(
          'The bytes of {0} will be given up. Nothing becomes free: others need the same bytes, or may.',
          names.join(', '),
        ),
    ...versions.flatMap(({ model, id, tags, stage }, index) => [
      ...(tags.length > 0 ? [l10n.t('{0} is tagged {1}.', names[index] ?? '', tags.join(', '))] : []),
      ...(stage === undefined ? [] : [l10n.t('{0} is in {1}.', names[index] ?? '', stage)]),
      ...heldElsewhere
        .filter(({ version }) => version.model === model && version.id === id)
        .map(({ why }) => l10n.t('{0} is {1}.', names[index] ?? '', why.join(', '))),
    ]),
    l10n.t('This cannot be undone.'),
  ].join(' ');
}
