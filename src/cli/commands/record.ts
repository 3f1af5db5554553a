import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import type { RecordRequest, RecordResult } from '../../trail/api/changes.ts';
import { defineCommand, type Outcome, type Session } from '../command.ts';
import { parseMetrics, parseParams } from '../assignments.ts';
import { failure } from '../failure.ts';
import { kindOnDisk } from '../onDisk.ts';
import { recordedDocument, recordedText, recordedWarnings } from '../recorded.ts';
import { workingOf } from '../workingOf.ts';

export const record = defineCommand({
  name: 'record',
  summary: () => l10n.t('Keep files as they are now as versions; of a folder, all models that changed.'),
  positionals: ['PATH...'],
  options: {
    message: {
      type: 'string',
      short: 'm',
      value: 'TEXT',
      summary: () => l10n.t('What this version is.'),
    },
    metric: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () =>
        l10n.t('A metric, besides those of the metrics file next to the model; may be repeated.'),
    },
    param: {
      type: 'string',
      multiple: true,
      value: 'K=V',
      summary: () => l10n.t('A parameter, likewise; may be repeated.'),
    },
  },
  // What is in a folder, and not in Git, has to be found out first.
  readsFirst: ({ positionals: [path, ...others] }) => (others.length === 0 ? path : undefined),
  async run(session, { positionals, options }) {
    const about = {
      message: options.message,
      metrics: parseMetrics(options.metric),
      params: parseParams(options.param),
    };
    const [first] = positionals;
    const isOne = positionals.length === 1 && (await kindOnDisk(session.paths.absolute(first))) !== 'folder';
    if (isOne) {
      const result = await recordOne(session, { model: session.paths.toModel(first), ...about });
      return { json: recordedDocument(result), text: recordedText(session, result) };
    }
    if (options.metric.length + options.param.length > 0)
      throw new TrailError(
        'usage',
        l10n.t('Metrics and parameters are of one model: give them where that is recorded alone.'),
      );
    return recordEach(session, await modelsIn(session, positionals), options.message);
  },
});

async function recordOne(session: Session, request: RecordRequest): Promise<RecordResult> {
  const result = await session.trail.record(request, session.operation);
  for (const problem of recordedWarnings(result)) session.warn(problem);
  return result;
}

/** One after the other; whatever fails stops none of the others. @throws TrailError `cancelled` */
async function recordEach(
  session: Session,
  models: readonly ModelPath[],
  message: string | undefined,
): Promise<Outcome> {
  const json: Readonly<Record<string, unknown>>[] = [];
  const texts: string[] = [];
  for (const model of models) {
    try {
      const result = await recordOne(session, { model, message });
      json.push(recordedDocument(result));
      texts.push(recordedText(session, result));
    } catch (error) {
      const { code, message: problem, detail } = failure(error);
      if (code === 'cancelled') throw error;
      session.warn(detail ?? problem);
      json.push({ path: model, error: { code, message: problem } });
    }
  }
  const failed = models.length - texts.length;
  const none =
    failed === 0
      ? l10n.t('There is nothing to record: no model here has changed.')
      : l10n.t('None of them was recorded.');
  return { json, text: texts.join('\n') || none, exitCode: failed === 0 ? 0 : 3 };
}

/**
 * Each once: those that are named, and of the folders those that are not as a version that is known.
 * @throws TrailError `notFound`, before anything is recorded: a text without quotes looks like several paths
 */
async function modelsIn(session: Session, typed: readonly string[]): Promise<readonly ModelPath[]> {
  const { paths } = session;
  const models = new Set<ModelPath>();
  for (const path of typed) {
    const kind = await kindOnDisk(paths.absolute(path));
    if (kind === undefined) throw new TrailError('notFound', l10n.t('{0} does not exist.', path));
    const found = kind === 'folder' ? await changedIn(session, path) : [paths.toModel(path)];
    for (const model of found) models.add(model);
  }
  return [...models];
}

/** @throws TrailError `notFound` where there are no models */
async function changedIn(session: Session, folder: string): Promise<readonly ModelPath[]> {
  const at = session.paths.toModel(folder);
  const models = (await session.trail.models()).filter(({ path }) => at === '' || path.startsWith(`${at}/`));
  if (models.length === 0)
    throw new TrailError('notFound', l10n.t('There are no model files in {0}.', folder));
  const changed: ModelPath[] = [];
  for (const { path } of models) {
    const { state } = await workingOf(session, path);
    if (state === 'changed' || state === 'unreadable') changed.push(path);
  }
  return changed;
}
