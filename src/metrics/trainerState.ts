import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../core/errors.ts';
import { metricsIn, type MetricsAndParams } from './metricsFile.ts';
import { isRecord } from './metricsText.ts';

type Values = Readonly<Record<string, unknown>>;

/** What the Trainer of transformers says of the weights that it saved with it. */
export interface TrainerState extends MetricsAndParams {
  /** At which the training was. */
  readonly step: number;
  /** The step of the last evaluation of other weights, where there is none of these. */
  readonly evaluatedAt?: number;
}

/** Where it is, how long that took, and on how much: nothing of how good the model is. */
const housekeeping =
  /^(?:epoch|step|total_flos|num_input_tokens_seen)$|_(?:runtime|per_second|samples|(?:preparation|compilation)_time)$|_mem_[cg]pu_/;
const settings = ['num_train_epochs', 'max_steps', 'train_batch_size'];
/** What Python writes into JSON as a word, and the strings in which the same letters may stand. */
const pythonWords = /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:NaN|Infinity)\b/g;

/**
 * `trainer_state.json`. Its log mixes rows of the training, of evaluations, and one at the end of the training. Of the first the latest
 * values count. Evaluations only count where they are of these very weights: made at the same step. Where the best weights were
 * loaded at the end, which the file does not say, those are others than of the last step: then only counts what comes after the training.
 *
 * @throws TrailError naming the file
 */
export function parseTrainerState(fileName: string, text: string): TrainerState {
  const state = parseJson(fileName, text);
  const { log_history: log, global_step: last, trial_params: trial } = state;
  if (!Array.isArray(log) || typeof last !== 'number') throw broken(fileName);
  const rows = log.filter(isRecord);
  const end = rows.findLastIndex((row) => 'train_runtime' in row);
  const best = bestStep(state);
  const isOfLast = end < 0 || best === undefined || best === last;
  const metrics = new Map<string, unknown>();
  let evaluatedAt: number | undefined;
  let isEvaluated = false;
  for (const [at, row] of rows.entries()) {
    const { step } = row;
    if (typeof step !== 'number' || step > last) continue;
    const isOther = !isOfLast && at < end;
    if (isEvaluation(row)) {
      if (isOther || step !== last) {
        evaluatedAt = step;
        continue;
      }
      isEvaluated = true;
    } else if (isOther) continue;
    for (const [name, value] of Object.entries(row)) if (!housekeeping.test(name)) metrics.set(name, value);
  }
  const at = isOfLast ? { ...pick(state, ['epoch']), step: last } : {};
  const params = { ...at, ...pick(state, settings), ...(isRecord(trial) && trial) };
  return {
    step: last,
    ...numbersOf(fileName, metrics, params),
    ...(!isEvaluated && evaluatedAt !== undefined && { evaluatedAt }),
  };
}

/** `eval_results.json`, `train_results.json` and `all_results.json`, of the model at the end of the training. @throws TrailError naming the file */
export function parseTrainerResults(fileName: string, text: string): MetricsAndParams {
  const results = parseJson(fileName, text);
  const metrics = Object.entries(results).filter(([name]) => !housekeeping.test(name));
  return numbersOf(fileName, new Map(metrics), {});
}

function numbersOf(
  fileName: string,
  metrics: ReadonlyMap<string, unknown>,
  params: Values,
): MetricsAndParams {
  return metricsIn(fileName, { metrics: Object.fromEntries(metrics), params });
}

function isEvaluation(row: Values): boolean {
  return Object.keys(row).some(
    (name) => name.startsWith('eval_') || (name.endsWith('_runtime') && name !== 'train_runtime'),
  );
}

/** The step of the weights that may have been loaded at the end; undefined where none were compared. */
function bestStep({ best_global_step: step, best_model_checkpoint: folder }: Values): number | undefined {
  if (typeof step === 'number') return step;
  return typeof folder === 'string' ? Number(/checkpoint-(\d+)$/.exec(folder)?.[1]) : undefined;
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
}

function parseJson(fileName: string, text: string): Values {
  let content: unknown;
  try {
    // Numbers that JSON has no word for are read from strings, too.
    content = JSON.parse(text.replace(pythonWords, (word) => (word.startsWith('"') ? word : `"${word}"`)));
  } catch (error) {
    throw new TrailError(
      'damaged',
      l10n.t('The metrics file {0} cannot be read: {1}', fileName, messageOf(error)),
      { cause: error },
    );
  }
  if (isRecord(content)) return content;
  throw broken(fileName);
}

function broken(fileName: string): TrailError {
  return new TrailError('damaged', l10n.t('{0} is not what the Trainer of transformers writes.', fileName));
}
