import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { yesOption } from './rollback.ts';

export const undo = defineCommand({
  name: 'undo',
  summary: () =>
    l10n.t('Take back your last change: a rollback, tag, stage, note, or added metrics or message.'),
  positionals: [],
  options: { yes: yesOption },
  async run({ trail, operation, confirm }, { options }) {
    const plan = await trail.planUndo();
    if (!plan) throw new TrailError('notFound', l10n.t('There is nothing to undo.'));
    const { fact, model, description } = plan;
    if (!options.yes) await confirm(description);
    await trail.undo(fact.id, operation);
    const { id, kind } = fact;
    return { json: { undone: { id, kind, model, description } }, text: l10n.t('Done. {0}', description) };
  },
});
