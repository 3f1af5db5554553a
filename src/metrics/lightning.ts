import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ParamValue } from '../core/facts.ts';
import { parseMetricValue } from '../core/metricValue.ts';
import { csvRows } from './csv.ts';
import { metricsIn, type MetricsAndParams, parseParams } from './metricsFile.ts';
import {
  calledIn,
  isInTrail,
  maxLogBytes,
  type MetricsBeside,
  type ModelPlace,
  readTextFile,
} from './source.ts';

type Inside = ReadonlyMap<string, ParamValue>;

const loop = 'loops.fit_loop.';
const clocks = new Set(['epoch', 'step']);
/** What goes on from row to row while it trains. Everything else is of the weights at its step alone. */
const ofTraining = /^(?:train(?:ing)?|lr)(?![a-z])/i;
/** Of rows without an epoch, all that is logged at a step of the training; others count the batches of a validation, or tell of the machine. */
const ofSchedule = /^lr(?![a-z])/i;
/** Tests are run before or after a training, under the step that it is at: that of a batch that had not come. */
const ofTest = /^test(?:ing)?(?![a-z])/i;

/** A place in the log. */
export interface LoggedStep {
  readonly step: number;
  /** Whether what was evaluated at this step was evaluated after it, and not before. */
  readonly isEvaluated: boolean;
}

/** What the CSVLogger of Lightning wrote for a checkpoint: in `metrics.csv`, above the folder of the checkpoints. @throws TrailError */
export async function readLightning(place: ModelPlace): Promise<MetricsBeside | undefined> {
  const { path, model, inside } = place;
  const folder = dirname(path);
  const version = dirname(folder);
  const isCheckpoint = extname(path) === '.ckpt' && basename(folder) === 'checkpoints';
  if (!isCheckpoint || !/^version_\d+$/.test(basename(version)) || !isInTrail(place, version))
    return undefined;
  const log = await readTextFile(place, join(version, 'metrics.csv'), maxLogBytes);
  if (!log) return undefined;
  const { file, text, written } = log;
  const none = { file, written, metrics: {}, params: {} };
  // So Lightning calls a checkpoint where there is one by that name: then two runs may have written here, and the log is of one.
  if ((await readdir(folder)).some((name) => /-v\d+\.ckpt$/.test(name))) {
    return {
      ...none,
      problem: l10n.t(
        '{0} was not used: more than one training may have written to {1}.',
        file,
        calledIn(place, folder),
      ),
    };
  }
  const contents = await inside();
  const logged = loggedStep(contents);
  if (logged === undefined) {
    return {
      ...none,
      problem: l10n.t('{0} was not used: {1} does not say of which step in it it is.', file, model),
    };
  }
  const said = atStep(file, text, logged);
  if (!said) return { ...none, problem: notReached(file, model, logged) };
  const settings = await readTextFile(place, join(version, 'hparams.yaml'));
  const params = {
    ...(settings && parseParams(settings.file, settings.text)),
    ...said.params,
    // As its name has it.
    step: numberIn(contents, 'global_step') ?? logged.step,
  };
  return { file, written, metrics: said.metrics, params };
}

/**
 * The step that the log has for what a checkpoint was made after. The name of the checkpoint tells it not: there every optimizer counts.
 * At the end of an epoch the counter is one ahead.
 */
function loggedStep(inside: Inside): LoggedStep | undefined {
  const [batches, seen, begun, ended, updates, all] = [
    `${loop}epoch_loop.state_dict._batches_that_stepped`,
    `${loop}epoch_loop.batch_progress.total.processed`,
    `${loop}epoch_progress.total.ready`,
    `${loop}epoch_progress.total.processed`,
    `${loop}epoch_loop.automatic_optimization.optim_progress.optimizer.step.total.completed`,
    'global_step',
  ].map((name) => numberIn(inside, name));
  if (batches === undefined || begun === undefined || ended === undefined) return undefined;
  const step = begun === ended ? batches - 1 : batches;
  // With one optimizer it can be counted another way.
  if (updates === all && step + 1 !== all) return undefined;
  // Of several batches that make one step, those before the last are logged under it too, and what is evaluated between them.
  const isLastBatch = String(inside.get(`${loop}epoch_loop.batch_progress.is_last_batch`)) === 'true';
  return { step, isEvaluated: step > 0 && (seen === step + 1 || isLastBatch) };
}

/**
 * What a log says of a step: undefined where it has not come so far, or goes back, as two trainings do that wrote one log.
 * @throws TrailError naming the file
 */
export function atStep(
  fileName: string,
  text: string,
  { step, isEvaluated }: LoggedStep,
): MetricsAndParams | undefined {
  const metrics = new Map<string, number>();
  const here = new Set<string>();
  let epoch: string | undefined;
  let last = -Infinity;
  for (const row of csvRows(fileName, text)) {
    const at = parseMetricValue(row.get('step') ?? '');
    if (at === undefined) continue;
    const saysEpoch = parseMetricValue(row.get('epoch') ?? '') !== undefined;
    const cells = [...row].filter(([name, cell]) => saysEpoch || (ofSchedule.test(name) && cell !== ''));
    if (cells.length === 0) continue;
    if (at < last) return undefined;
    last = at;
    if (at > step) continue;
    if (at === step && saysEpoch) epoch = row.get('epoch');
    for (const [name, cell] of cells) {
      const value = clocks.has(name) ? undefined : parseMetricValue(cell);
      const isOfStep = at === step && isEvaluated && !ofTest.test(name);
      if (value === undefined || !(isOfStep || ofTraining.test(name))) continue;
      if (here.has(name) && !Object.is(metrics.get(name), value)) return undefined;
      if (at === step) here.add(name);
      metrics.set(name, value);
    }
  }
  if (last < step || metrics.size === 0) return undefined;
  const params = epoch === undefined ? {} : { epoch: parseMetricValue(epoch) ?? epoch };
  return metricsIn(fileName, { metrics: Object.fromEntries(metrics), params });
}

function numberIn(inside: Inside, name: string): number | undefined {
  const value = inside.get(name);
  return value === undefined ? undefined : parseMetricValue(String(value));
}

function notReached(file: string, model: string, { step }: LoggedStep): string {
  return l10n.t(
    '{0} was not used: nothing in it can be told to be of {1}, at step {2}. A training that goes on writes it every hundred steps: then record {1} again.',
    file,
    model,
    step,
  );
}
