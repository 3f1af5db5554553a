import type { ModelRow } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { nearestWith } from '../root.ts';
import { withPresence } from './presence.ts';
import { lookAt } from './workingCopies.ts';

/** All models, with their working copies as far as they can be told without reading them. */
export function modelRows(context: TrailContext): Promise<readonly ModelRow[]> {
  const { catalogue } = context;
  const historyHidden = whyHidden(context);
  return Promise.all(
    catalogue.models().map(async (model): Promise<ModelRow> => {
      const versions = catalogue.versionsOf(model);
      const working = await lookAt(context, model);
      const [latest] = await withPresence(context, versions.slice(0, 1));
      // There may be another one between the two.
      const metricsBefore = historyHidden ? undefined : versions[1]?.metrics;
      return { path: model, working, versions: versions.length, historyHidden, latest, metricsBefore };
    }),
  );
}

function whyHidden({ catalogue, root, settings }: TrailContext): ModelRow['historyHidden'] {
  if (settings.trusted) return catalogue.isHistoryAwaited ? 'reading' : undefined;
  return nearestWith(root, '.git') === undefined ? undefined : 'untrusted';
}
