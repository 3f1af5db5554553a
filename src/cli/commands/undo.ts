import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { defineCommand } from '../command.ts';
import { yesOption } from './rollback.ts';

export const undo = defineCommand({
  name: 'undo',
  summary: () =>
    l10n.t(
      'Take back your last change, or that of an id: a rollback, tag, stage, note, rename, or added metrics or message.',
    ),
  positionals: ['[ID]'],
  options: { yes: yesOption },
  async run({ trail, operation, confirm }, { positionals: [asked], options }) {
    const plan = await trail.planUndo(asked);
    if (!plan) throw new TrailError('notFound', l10n.t('There is nothing to undo.'));
    const { fact, model, question, description, passedOver } = plan;
    // Also with --yes: that is meant for what was just done.
    if (passedOver !== undefined) {
      throw new TrailError(
        'refused',
        l10n.t(
          '{0} What you did before it can be undone with `modeltrail undo {1}`: {2}',
          passedOver,
          fact.id,
          description,
        ),
      );
    }
    if (!options.yes) await confirm(`${question} ${description}`);
    const { note } = await trail.undo(fact.id, operation);
    const { id, kind } = fact;
    return {
      json: { undone: { id, kind, model, description }, note: note ?? null },
      text: [l10n.t('Done. {0}', description), ...(note === undefined ? [] : [note])].join('\n'),
    };
  },
});
