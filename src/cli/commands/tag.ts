import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { Version } from '../../core/versions.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';
import { resolveVersion, spoken } from '../references.ts';

export const tag = defineCommand({
  name: 'tag',
  summary: () => l10n.t('Give a version a name, or take that off it.'),
  positionals: ['REF', 'NAME'],
  options: {
    move: { type: 'boolean', summary: () => l10n.t('Take the name from the version that has it now.') },
    remove: { type: 'boolean', summary: () => l10n.t('Take the name off the version.') },
  },
  async run(session, { positionals: [reference, name], options }) {
    if (options.move && options.remove)
      throw new TrailError(
        'usage',
        l10n.t('Either move a tag or take it off a version: --move or --remove.'),
      );
    const version = await resolveVersion(session, reference);
    if (options.remove) return remove(session, version, name);
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

async function remove(session: Session, version: Version, tag: string): Promise<Outcome> {
  const { model, id: content } = version;
  const id = await session.trail.untag({ model, version: content }, tag);
  return {
    json: { change: { id: id ?? null, kind: 'untagged', model, version: content, tag } },
    text:
      id === undefined
        ? l10n.t('{0} does not have the tag "{1}".', spoken(session, version), tag)
        : l10n.t('{0} has the tag "{1}" no more.', spoken(session, version), tag),
  };
}
