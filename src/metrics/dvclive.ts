import { basename, dirname, join } from 'node:path';
import * as l10n from '@vscode/l10n';
import { parseMetrics, parseParams } from './metricsFile.ts';
import { isInTrail, type MetricsBeside, type ModelPlace, readTextFile, type TextFile } from './source.ts';

/** Names of weights that need not be those of the last step, of which alone DVCLive says something here. */
const best = /(?:^|[^a-z])best(?![a-z])/i;
const ofStep = /(?:^|[^a-z])(?:epoch|ep|step|iter|iteration|checkpoint|ckpt)[-_=.]?\d/i;

/** What it measures of the machine where it is asked to: nothing of the model. */
const ofMachine = /^system\.(?:cpu|ram|disk|gpu)\./;

/** In nanoseconds: what is written later may be of a step that came after the model. */
const soon = 120_000_000_000n;

/** What DVCLive wrote last, in `dvclive` in the folder of a model or the nearest one above it. @throws TrailError */
export async function readDvclive(place: ModelPlace): Promise<MetricsBeside | undefined> {
  const { path, model, isDirectory, trained } = place;
  const found = await nearest(isDirectory ? path : dirname(path), place);
  if (!found) return undefined;
  const { file, text, written, folder } = found;
  const name = basename(path);
  if (best.test(name) || ofStep.test(name) || written - trained > soon) {
    const problem = l10n.t(
      '{0} was not used: it is of the last step, and {1} may be of another. Add its metrics by hand.',
      file,
      model,
    );
    return { file, written, metrics: {}, params: {}, problem };
  }
  const settings = await readTextFile(place, join(folder, 'params.yaml'));
  const { metrics, ...said } = parseMetrics(file, text);
  const { step, ...logged } = metrics;
  const results = Object.fromEntries(Object.entries(logged).filter(([name]) => !ofMachine.test(name)));
  const params = {
    ...(settings && parseParams(settings.file, settings.text)),
    ...said.params,
    ...(step !== undefined && { step }),
  };
  const onlyModelOf = { folder: dirname(folder), copies: join(folder, 'artifacts') };
  return { file, written, metrics: results, params, isShared: true, isByTime: true, onlyModelOf };
}

interface Found extends TextFile {
  /** Absolute. */
  readonly folder: string;
}

async function nearest(above: string, place: ModelPlace): Promise<Found | undefined> {
  if (!isInTrail(place, above)) return undefined;
  const folder = join(above, 'dvclive');
  const found = await readTextFile(place, join(folder, 'metrics.json'));
  return found ? { ...found, folder } : nearest(dirname(above), place);
}
