import * as vscode from 'vscode';
import type { ModelPath } from '../../core/facts.ts';
import { type Version, versionName } from '../../core/versions.ts';
import type { ModelRow } from '../../trail/api/models.ts';
import { type Choice, separator } from '../choose.ts';
import { headline } from '../headline.ts';
import { stateText } from '../modelItems.ts';
import type { ModelRef, OpenTrail } from '../openTrail.ts';
import { formatMetric, listOf, relativeTime } from '../text.ts';
import { bytesMark } from '../versionItem.ts';
import type { ModelFilter } from './modelFilters.ts';

/** Which versions of a model can be chosen; else all. */
export interface VersionFilter {
  except?(version: Version): boolean;
  /** A sentence for where a model has no others. */
  none?(model: ModelPath, versions: readonly Version[]): string;
}

/** @returns a sentence where there are none */
export async function modelChoices(
  opened: readonly OpenTrail[],
  filter?: ModelFilter,
): Promise<Choice<ModelRef>[] | string> {
  const choices: Choice<ModelRef>[] = [];
  let areThereAny = false;
  for (const trail of opened) {
    const all = await trail.models();
    areThereAny ||= all.length > 0;
    const isOffered = await Promise.all(all.map((row) => filter?.isOffered(row, trail) ?? true));
    const rows = all.filter((_, index) => isOffered[index]);
    if (opened.length > 1 && rows.length > 0) choices.push(separator(trail.root));
    for (const row of rows) {
      choices.push({ label: row.path, description: fileText(row), value: { trail, path: row.path } });
    }
  }
  if (choices.length > 0) return choices;
  return filter && areThereAny ? filter.none : noModels();
}

function noModels(): string {
  return vscode.l10n.t(
    'There are no models in this workspace: Modeltrail looks for .safetensors, .onnx, .pt, .pkl, .gguf, .keras and other files that the settings name.',
  );
}

function fileText(row: ModelRow): string {
  const { working, latest } = row;
  if (working.state === 'missing') return vscode.l10n.t('the file is missing');
  return stateText(row, working.version === latest?.id ? latest : undefined);
}

/** As many as a person can search through. */
const offered = 1000;

export function noVersions(model: ModelPath): string {
  return vscode.l10n.t('There are no versions of {0} to choose from. Record one first.', model);
}

/** @returns a sentence where there are none */
export async function versionChoices(
  { trail, path }: ModelRef,
  { except = () => false, none }: VersionFilter,
): Promise<Choice<Version>[] | string> {
  const { versions } = await trail.api.versions(path, { offset: 0, limit: offered });
  const choices = versions.filter((version) => !except(version)).map(versionChoice);
  if (choices.length === 0) {
    return none ? none(path, versions) : noVersions(path);
  }
  const isRecorded = ({ value }: VersionChoice): boolean => value.sources.includes('recorded');
  const recorded = choices.filter(isRecorded);
  const others = choices.filter((choice) => !isRecorded(choice));
  return [
    ...(recorded.length > 0 ? [separator(vscode.l10n.t('Recorded')), ...recorded] : []),
    ...(others.length > 0 ? [separator(vscode.l10n.t('In Git history')), ...others] : []),
  ];
}

interface VersionChoice extends Choice<Version> {
  readonly value: Version;
}

function versionChoice(version: Version): VersionChoice {
  const metric = headline(version.metrics, undefined);
  // The message may be long, and its end is cut off.
  const description = [
    version.tags.length > 0 ? vscode.l10n.t('tagged {0}', listOf(version.tags)) : '',
    version.stage ?? '',
    metric ? `${metric.name} ${formatMetric(metric.value)}` : '',
    relativeTime(version.time),
    bytesMark(version),
    version.message,
  ];
  return {
    label: versionName(version),
    description: description.filter((part) => part !== '').join(' · '),
    value: version,
  };
}
