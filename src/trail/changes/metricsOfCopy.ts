import { stat } from 'node:fs/promises';
import * as l10n from '@vscode/l10n';
import { messageOf } from '../../core/errors.ts';
import type { ContentId, Metrics, ModelPath, Params } from '../../core/facts.ts';
import { type Version, versionName } from '../../core/versions.ts';
import { type MetricsBeside, readMetricsBeside } from '../../metrics/beside.ts';
import type { TrailContext } from '../context.ts';
import type { KeptCopy } from './keeping.ts';

type Values = Readonly<{ metrics: Metrics; params: Params }>;

/** The metrics file of a working copy, or only why it cannot be used: one that is broken must not stop a checkpoint from being kept. */
export async function metricsOfCopy(
  context: TrailContext,
  model: ModelPath,
  path: string,
  kept: KeptCopy,
): Promise<(Partial<MetricsBeside> & { readonly problem?: string }) | undefined> {
  try {
    const beside = await readMetricsBeside(path);
    if (!beside) return undefined;
    const written = (await stat(beside.file)).mtimeMs;
    const trained = Number(BigInt(kept.stamp.mtimeNs) / 1_000_000n);
    const facts = context.catalogue.factsOf(model);
    // When a rollback put the model in place, the file may still be that of a later version.
    if (facts?.head === kept.id) return facts.headWasPutBack && written <= trained ? undefined : beside;
    const other = versionThatItIsOf(context, model, kept.id, { ...beside, written, trained });
    return other ? { problem: notTaken(beside.file, other) } : beside;
  } catch (error) {
    return { problem: l10n.t('{0} The version was recorded without its metrics.', messageOf(error)) };
  }
}

interface Dated extends Values {
  /** When the metrics file was written. */
  readonly written: number;
  /** When the model was. */
  readonly trained: number;
}

/**
 * The version that was there before this one, if the metrics file was not written since. The times of files tell it alone where the one
 * was written before that version was known and the other after it. In a fresh clone, or after a file was moved here, they do
 * not: there it takes that the file says nothing else than what is known of that version.
 */
function versionThatItIsOf(
  { catalogue }: TrailContext,
  model: ModelPath,
  id: ContentId,
  file: Dated,
): Version | undefined {
  if (Object.keys({ ...file.metrics, ...file.params }).length === 0) return undefined;
  const facts = catalogue.factsOf(model);
  const others = catalogue.versionsOf(model).filter((version) => version.id !== id);
  const newest = others[0];
  const head = others.find((version) => version.id === facts?.head);
  const since = Math.max(...[facts?.headSince, newest?.time].map((time) => Date.parse(time ?? '') || 0));
  const same = [head, newest].find((version) => version && !saysMore(version, file));
  if (same) return file.written < Math.max(since, file.trained) ? same : undefined;
  return file.written < since && since < file.trained ? (head ?? newest) : undefined;
}

/** Whether there is anything in some values that is not known of a version. */
export function saysMore(known: Values, said: Values): boolean {
  const isNews = (known: Metrics | Params, said: Metrics | Params): boolean =>
    Object.entries(said).some(
      // NaN is still NaN, and what was -0 is 0 in the journal: `includes` sees no difference.
      ([name, value]) => !Object.hasOwn(known, name) || ![known[name]].includes(value),
    );
  return isNews(known.metrics, said.metrics) || isNews(known.params, said.params);
}

function notTaken(file: string, version: Version): string {
  return l10n.t(
    'The metrics file {0} was not used: it was written for {1}, before this version. Write that of this version and record it again, or add its metrics by hand.',
    file,
    versionName(version),
  );
}
