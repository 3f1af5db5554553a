import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { isCheckpoint, isNamedAsWeights } from '../core/modelDirectories.ts';
import { maxLogBytes, type MetricsBeside, type ModelPlace, readTextFile } from './source.ts';
import { parseTrainerResults, parseTrainerState, type TrainerState } from './trainerState.ts';

const stateName = 'trainer_state.json';
const resultNames = ['eval_results.json', 'train_results.json'];
/** Of the same, and of all that was in the folder before; but some scripts write it alone. */
const allResultsName = 'all_results.json';

/**
 * What the Trainer of transformers wrote beside the weights: into a checkpoint its state, and for the model at the end also what was
 * measured then. @throws TrailError
 */
export async function readTrainer(place: ModelPlace): Promise<MetricsBeside | undefined> {
  const { path, isDirectory } = place;
  if (!isDirectory && !isNamedAsWeights(basename(path))) return undefined;
  const folder = isDirectory ? path : dirname(path);
  const read = (name: string, most?: number): ReturnType<typeof readTextFile> =>
    readTextFile(place, join(folder, name), most);
  const stateFile = await read(stateName, maxLogBytes);
  const state = stateFile && parseTrainerState(stateFile.file, stateFile.text);
  if (isCheckpoint(basename(folder))) {
    // It came with the weights, whatever the times of the files say.
    if (!state) return undefined;
    const { file, written } = stateFile;
    if (basename(folder) === `checkpoint-${state.step}`)
      return { file, written, ...state, problem: saidOfOthers(file, state) };
    const problem = l10n.t('{0} was not used: it is of step {1}.', file, state.step);
    return { file, written, metrics: {}, params: {}, problem };
  }
  const results = (await Promise.all(resultNames.map((name) => read(name)))).filter(
    (file) => file !== undefined,
  );
  const all = results.length === 0 ? await read(allResultsName) : undefined;
  if (all) results.push(all);
  const files = [...results, ...(stateFile ? [stateFile] : [])];
  const first = files.toSorted((a, b) => Number(a.written - b.written))[0];
  if (!first) return undefined;
  const measured = results.map(({ file, text }) => parseTrainerResults(file, text).metrics);
  const values = [state?.metrics ?? {}, ...measured].flatMap((some) => Object.entries(some));
  const isEvaluated = measured.some((some) => Object.keys(some).some((name) => !name.startsWith('train_')));
  return {
    file: first.file,
    written: first.written,
    weightsWritten: await weightsWritten(folder),
    isByTime: true,
    metrics: Object.fromEntries(values),
    params: state?.params ?? {},
    problem: state && !isEvaluated ? saidOfOthers(first.file, state) : undefined,
  };
}

/** When the last of the weights in a folder was. */
async function weightsWritten(folder: string): Promise<bigint | undefined> {
  const names = (await readdir(folder)).filter(isNamedAsWeights);
  const times = await Promise.all(
    names.map(async (name) => (await stat(join(folder, name), { bigint: true })).mtimeNs),
  );
  return times.length > 0 ? times.reduce((last, time) => (time > last ? time : last)) : undefined;
}

function saidOfOthers(file: string, { evaluatedAt }: TrainerState): string | undefined {
  if (evaluatedAt === undefined) return undefined;
  return l10n.t(
    '{0} has no evaluation of these weights, but one of others, at step {1}, which was left out.',
    file,
    evaluatedAt,
  );
}
