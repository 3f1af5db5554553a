import * as l10n from '@vscode/l10n';
import { defineCommand } from '../command.ts';
import { resolveVersion, spoken } from '../references.ts';

export const stage = defineCommand({
  name: 'stage',
  summary: () => l10n.t('Set where a version stands: development, staging, production or retired.'),
  positionals: ['REF', 'STAGE'],
  options: {},
  async run(session, { positionals: [reference, stage] }) {
    const version = await resolveVersion(session, reference);
    const { model, id: content } = version;
    const id = await session.trail.stage({ model, version: content }, stage);
    return {
      json: { change: { id: id ?? null, kind: 'staged', model, version: content, stage } },
      text:
        id === undefined
          ? l10n.t('{0} is already in {1}.', spoken(session, version), stage)
          : l10n.t('{0} is in {1}.', spoken(session, version), stage),
    };
  },
});
