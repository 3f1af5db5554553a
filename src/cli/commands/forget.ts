import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { formatBytes } from '../../core/formatBytes.ts';
import { defineCommand } from '../command.ts';
import { versionDocument } from '../documents.ts';
import { resolve, spoken } from '../references.ts';
import { yesOption } from './rollback.ts';

export const forget = defineCommand({
  name: 'forget',
  summary: () => l10n.t('Give up the bytes of versions; what is known of them stays.'),
  positionals: ['REF...'],
  options: { yes: yesOption },
  async run(session, { positionals, options }) {
    const targets = new Map<string, { model: string; version: string }>();
    const names: string[] = [];
    for (const reference of positionals) {
      const { model, version } = await resolve(session, reference);
      if (!version)
        throw new TrailError(
          'usage',
          l10n.t('Say which version: {0}@v1, for example.', session.paths.shown(model)),
        );
      const key = `${model}@${version.id}`;
      if (!targets.has(key)) names.push(spoken(session, version));
      targets.set(key, { model, version: version.id });
    }
    if (!options.yes) {
      await session.confirm(
        l10n.t('The bytes of {0} will be given up. This cannot be undone.', names.join(', ')),
      );
    }
    const { forgotten, bytes } = await session.trail.forget([...targets.values()], session.operation);
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
