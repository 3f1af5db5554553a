import * as l10n from '@vscode/l10n';
import { type Contradiction, contradictionsIn, saysMore, withoutNames } from '../../core/contradictions.ts';
import { shellArgument } from '../../core/shellArgument.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { MetricsBeside } from '../../metrics/source.ts';
import type { RecordRequest } from '../api/changes.ts';

const mostNamed = 5;

/**
 * Why a metrics file is not used for a content that was there before: a training goes on and writes its file while the best model stays,
 * so one that contradicts what is known of that is of another. Undefined where it contradicts nothing, or tells nothing but what
 * somebody corrected.
 * @param byHand names that somebody gave for the version before
 */
export function contradicted(
  known: Version,
  byHand: ReadonlySet<string>,
  request: RecordRequest,
  file: MetricsBeside,
): string | undefined {
  const said = withoutNames(file, new Set(Object.keys({ ...request.metrics, ...request.params })));
  const contradictions = contradictionsIn(known, said);
  if (contradictions.length === 0 || !saysMore(known, withoutNames(said, byHand))) return undefined;
  const named = contradictions.slice(0, mostNamed);
  const more = contradictions.length > mostNamed ? '…' : '';
  const listOf = (value: 'known' | 'said'): string =>
    named.map((one) => `${one.name}=${written(one[value])}`).join(', ') + more;
  const options = named.map(
    ({ kind, name, said }) => `--${kind} ${shellArgument(`${name}=${written(said)}`)}`,
  );
  return l10n.t(
    'The metrics file {0} was not used: it says {1}, but {2} of {3}, which has not changed, has {4}. If it is right for {2} all the same, give its values by hand: {5}',
    file.file,
    listOf('said'),
    versionName(known),
    known.model,
    listOf('known'),
    ['modeltrail record', shellArgument(known.model), ...options].join(' ') + more,
  );
}

/** As the options of `modeltrail record` take it, to the last digit. */
function written(value: Contradiction['said']): string {
  return typeof value === 'number' && !Number.isFinite(value)
    ? String(value).replace('NaN', 'nan').replace('Infinity', 'inf')
    : String(value);
}
