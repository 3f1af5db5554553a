import * as l10n from '@vscode/l10n';
import { defineCommand } from '../command.ts';
import { resolveVersion, spoken } from '../references.ts';

export const note = defineCommand({
  name: 'note',
  summary: () => l10n.t('Write a note on a version, in place of the one before; an empty text removes it.'),
  positionals: ['REF', 'TEXT'],
  options: {},
  async run(session, { positionals: [reference, note] }) {
    const version = await resolveVersion(session, reference);
    const { model, id: content } = version;
    const id = await session.trail.note({ model, version: content }, note);
    const name = spoken(session, version);
    return {
      json: { change: { id, kind: 'noted', model, version: content, note: note || null } },
      text: note === '' ? l10n.t('{0} has no note any more.', name) : l10n.t('{0} has the note now.', name),
    };
  },
});
