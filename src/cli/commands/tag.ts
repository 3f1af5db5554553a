import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { resolveVersion, spoken } from '../references.ts';

export const tag = defineCommand({
  name: 'tag',
  summary: () => l10n.t('Give a version a name.'),
  positionals: ['REF', 'NAME'],
  options: {
    move: { type: 'boolean', summary: () => l10n.t('Take the name from the version that has it now.') },
  },
  async run(session, { positionals: [reference, name], options }) {
    const version = await resolveVersion(session, reference);
    const { model, id: content } = version;
    const id = await session.trail
      .tag({ model, version: content }, name, options.move)
      .catch((error: unknown) => {
        const isTaken = TrailError.is(error, 'refused') && !options.move;
        throw isTaken
          ? new TrailError('refused', l10n.t('{0} The option --move says so.', error.message))
          : error;
      });
    return {
      json: { change: { id: id ?? null, kind: 'tagged', model, version: content, tag: name } },
      text:
        id === undefined
          ? l10n.t('{0} already has the tag "{1}".', spoken(session, version), name)
          : l10n.t('{0} has the tag "{1}".', spoken(session, version), name),
    };
  },
});
