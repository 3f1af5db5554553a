import type { ContentId, ModelPath } from '../../core/facts.ts';
import { parseFilter } from '../../core/versionFilter.ts';
import type { PageRequest, VersionPage } from '../api/models.ts';
import type { TrailContext } from '../context.ts';
import { withPresence } from './presence.ts';

/** Some of the versions of a model, newest first. @throws TrailError `usage` */
export async function versionPage(
  context: TrailContext,
  model: ModelPath,
  { offset, limit, filter = '' }: PageRequest,
): Promise<VersionPage> {
  const matches = parseFilter(filter);
  const all = context.catalogue.versionsOf(model);
  const matching = all.flatMap((version, at) =>
    matches(version) ? [{ version, before: all[at + 1]?.metrics }] : [],
  );
  const page = matching.slice(offset, offset + limit);
  return {
    total: matching.length,
    versions: await withPresence(
      context,
      page.map(({ version }) => version),
    ),
    metricsBefore: page.map(({ before }) => before),
  };
}

/** All of them, without what is known of each: much less to send. @throws TrailError `usage` */
export function versionIds({ catalogue }: TrailContext, model: ModelPath, filter = ''): readonly ContentId[] {
  const matches = parseFilter(filter);
  return catalogue
    .versionsOf(model)
    .filter(matches)
    .map(({ id }) => id);
}

/** How many versions of each model a filter lets through. @throws TrailError `usage` */
export function countMatching({ catalogue }: TrailContext, filter: string): ReadonlyMap<ModelPath, number> {
  const matches = parseFilter(filter);
  return new Map(
    catalogue.models().map((model) => [model, catalogue.versionsOf(model).filter(matches).length]),
  );
}
