import * as vscode from 'vscode';
import { stemOf } from '../core/series.ts';
import type { ModelRow } from '../trail/api/models.ts';
import { changeOf, rowUri } from './decorations.ts';
import type { ModelNode, SeriesNode } from './nodes.ts';
import { baseName, modelCount, relativeTime } from './text.ts';

/** The row of a series. */
export function seriesItem(node: SeriesNode): vscode.TreeItem {
  const { shown, difference = '', startsOpen } = node;
  const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
  const path = pathOfSeries(node);
  const states = statesIn(shown).map(([, text]) => text);
  const { label, place } = labelOf(node.name, path);
  const item = new vscode.TreeItem(label, startsOpen ? Expanded : Collapsed);
  // As of a model: in a narrow view the end is cut off.
  const end = place === difference ? '' : place;
  item.description = [difference, ...states, countText(node), newestText(node, 'narrow'), end]
    .filter((part) => part !== '')
    .join(' · ');
  item.iconPath = new vscode.ThemeIcon('layers');
  const changes = shown.flatMap(({ row }) => changeOf(row) ?? []);
  if (changes[0]) item.resourceUri = rowUri(`some/${changes[0]}`);
  item.contextValue = contextOf(node);
  item.accessibilityInformation = {
    label: [vscode.l10n.t('Series {0}', path), countText(node), ...states, newestText(node, 'long')]
      .filter((part) => part !== '')
      .join(', '),
  };
  return item;
}

/** Beside so long a label its state can be read in a side bar as wide as it is at first. */
const labelLength = 20;

/** A long name goes without its extension, which is said of its folder: `epoch_{0…299}` in `runs/a/*.safetensors`. */
function labelOf(name: string, path: string): { label: string; place: string } {
  const folder = path.slice(0, -name.length);
  const stem = stemOf(name);
  return name.length > labelLength && stem !== name
    ? { label: stem, place: `${folder}*${name.slice(stem.length)}` }
    : { label: name, place: folder.slice(0, -1) };
}

/** With its folder, as it is shown. */
export function pathOfSeries({ name, models }: SeriesNode): string {
  const shownPath = models[0]?.shownPath ?? '';
  return shownPath.slice(0, shownPath.length - baseName(shownPath).length) + name;
}

/** How many models there are, and of these a filter leaves. */
export function countText({ models, shown }: SeriesNode): string {
  const isFiltered = shown.length < models.length;
  return isFiltered
    ? vscode.l10n.t('{0} of {1} models', shown.length, models.length)
    : modelCount(models.length);
}

/** How many models are in each state, but in that of a version, such as `12 changed`. */
export function statesIn(models: SeriesNode['models']): readonly (readonly [State, string])[] {
  const counts = new Map<State, number>();
  for (const { row } of models) {
    const state = stateOf(row);
    if (state !== undefined) counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return states.flatMap((state) => {
    const count = counts.get(state);
    return count === undefined ? [] : [[state, stateText(state, count)] as const];
  });
}

const states = ['changed', 'unrecorded', 'unreadable', 'missing', 'pointer', 'unchecked'] as const;
type State = (typeof states)[number];

/** Where history does not show, nobody knows what has no version. */
function stateOf({ working: { state }, versions, historyHidden }: ModelRow): State | undefined {
  if (state === 'changed' && versions === 0) return historyHidden ? undefined : 'unrecorded';
  return state === 'same' ? undefined : state;
}

function stateText(state: State, count: number): string {
  const { l10n } = vscode;
  switch (state) {
    case 'changed':
      return l10n.t('{0} changed', count);
    case 'unrecorded':
      return l10n.t('{0} not recorded', count);
    case 'unreadable':
      return l10n.t('{0} not readable', count);
    case 'missing':
      return l10n.t('{0} missing', count);
    case 'pointer':
      return l10n.t('{0} LFS pointers', count);
    case 'unchecked':
      return l10n.t('{0} not checked yet', count);
  }
}

function newestText(node: SeriesNode, style: 'narrow' | 'long'): string {
  const newest = newestOf(node);
  return newest ? vscode.l10n.t('newest {0}, {1}', newest.name, relativeTime(newest.time, style)) : '';
}

/** Which of the models that show was written last, and when: ISO 8601. */
export function newestOf({
  shown,
}: SeriesNode): { readonly name: string; readonly time: string } | undefined {
  let newest: ModelNode | undefined;
  let newestTime = '';
  for (const model of shown) {
    const time = timeOf(model.row);
    // Of several at the same time the one with the highest number, which comes first.
    if (time > newestTime) [newest, newestTime] = [model, time];
  }
  return newest && { name: stemOf(baseName(newest.path)), time: newestTime };
}

/** When a model became what it is, as far as is known: a checkout writes files anew, and a version may be recorded long after. ISO 8601. */
function timeOf({ working: { state, version, time = '' }, latest }: ModelRow): string {
  if (!latest || (state !== 'missing' && version !== latest.id)) return time;
  return time === '' || latest.time < time ? latest.time : time;
}

/** Words that menus look for: `series changed unrecorded`, the last where no model has a version. */
function contextOf({ shown }: SeriesNode): string {
  const words = ['series'];
  if (shown.some(({ row }) => isToRecord(row))) words.push('changed');
  if (!shown.some(({ row }) => row.versions > 0)) words.push('unrecorded');
  return words.join(' ');
}

/** Whether recording a series is about a model: it is no version, or may be none. */
export function isToRecord({ working }: ModelRow): boolean {
  return working.state === 'changed' || working.state === 'unchecked';
}
