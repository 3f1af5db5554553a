import * as l10n from '@vscode/l10n';
import type { Version } from '../../core/versions.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';
import { resolveVersion, spoken } from '../references.ts';

/** Takes a version out of the stage that it is in. */
const noStage = 'none';

export const stage = defineCommand({
  name: 'stage',
  summary: () => l10n.t('Set where a version stands: development, staging, production, retired, or none.'),
  positionals: ['REF', 'STAGE'],
  options: {},
  async run(session, { positionals: [reference, stage] }) {
    const version = await resolveVersion(session, reference);
    if (stage === noStage) return unstage(session, version);
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

async function unstage(session: Session, version: Version): Promise<Outcome> {
  const { model, id: content, stage: left } = version;
  const id = await session.trail.unstage({ model, version: content });
  return {
    json: { change: { id: id ?? null, kind: 'unstaged', model, version: content, stage: null } },
    text:
      id === undefined
        ? l10n.t('{0} is in no stage.', spoken(session, version))
        : l10n.t('{0} is out of {1}, and in no stage.', spoken(session, version), left ?? ''),
  };
}
