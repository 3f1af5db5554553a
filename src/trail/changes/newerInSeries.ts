import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../../core/errors.ts';
import type { ModelPath } from '../../core/facts.ts';
import { compareInSeries, seriesOf } from '../../core/series.ts';
import { modelThere } from '../../files/modelThere.ts';
import { looksLikeModel } from '../../formats/looksLikeModel.ts';
import { isModelDirectory } from '../contents/directoryCopies.ts';
import type { TrailContext } from '../context.ts';
import { absolutePath } from '../paths.ts';

/** In nanoseconds since 1970. */
export interface Times {
  /** When the metrics file was written. */
  readonly written: bigint;
  /** When the model was. */
  readonly trained: bigint;
}

/** Of a series of thousands the next ones tell it. */
const mostLookedAt = 64;

/** A model of the same series, beside a model, that was written after it and not after the metrics file that both share. */
export async function newerInSeries(
  context: TrailContext,
  model: ModelPath,
  { written, trained }: Times,
): Promise<ModelPath | undefined> {
  if (written <= trained) return undefined;
  const { root, settings } = context;
  const options = { ...settings, looksLikeModel };
  const folder = path.posix.dirname(model);
  for (const name of await nextInSeries(path.join(root, folder), path.posix.basename(model))) {
    const place = path.posix.join(folder, name);
    const time = await timeOf(absolutePath(root, place));
    if (time === undefined || time <= trained || time > written) continue;
    const isModel =
      (await modelThere(root, place, options)) === place || (await isModelDirectory(context, place));
    if (isModel) return place;
  }
  return undefined;
}

/** Those with higher numbers first, from the nearest on; then the others. */
async function nextInSeries(folder: string, model: string): Promise<readonly string[]> {
  const series = seriesOf(model);
  if (series === model) return [];
  const names = (await readdir(folder)).filter((name) => seriesOf(name) === series).sort(compareInSeries);
  const before = names.filter((name) => compareInSeries(name, model) < 0);
  const after = names.filter((name) => compareInSeries(name, model) > 0);
  return [...after, ...before.toReversed()].slice(0, mostLookedAt);
}

async function timeOf(file: string): Promise<bigint | undefined> {
  return stat(file, { bigint: true }).then(
    ({ mtimeNs }) => mtimeNs,
    (error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    },
  );
}
