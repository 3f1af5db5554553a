import type { Operation } from '../core/operation.ts';
import { type FormatName, formatLabel } from '../formats/formatNames.ts';
import { alarmsOf } from './alarms.ts';
import { ByteProgress } from './byteProgress.ts';
import { diffGraph } from './diffGraph.ts';
import { diffSettings } from './diffSettings.ts';
import { diffTensors } from './diffTensors.ts';
import { diffTrees } from './diffTrees.ts';
import { diffValues } from './diffValues.ts';
import { type DiffSide, type ModelDiff, modelDiffVersion } from './modelDiff.ts';
import { haveSameBytes } from './sameBytes.ts';
import { notesOf } from './notes.ts';
import type { ModelSide } from './sides.ts';
import type { TensorsDiff } from './tensorsDiff.ts';
import { verdictOf } from './verdict.ts';

/**
 * What changed from one model to another. The elements of all tensors are read, in pieces; nothing else is large.
 * @throws TrailError `cancelled`, or when the bytes cannot be read; what files say that makes no sense is a note
 */
export async function diffModels(a: ModelSide, b: ModelSide, operation: Operation): Promise<ModelDiff> {
  const sides = { a: sideOf(a), b: sideOf(b) };
  const isSame = a.id !== undefined && a.id === b.id;
  // One graph may have had other weights beside it.
  if (isSame && !a.summary.externalData) return documentOf({ ...sides, ...nothing, identical: true }, {});
  const { tensors, relativeL2 } = await diffTensors(a, b, new ByteProgress(operation, b.name));
  const [before, after] = [a.summary, b.summary];
  const graphs =
    before.graph && after.graph ? diffGraph(before.graph, after.graph, newNames(tensors)) : undefined;
  const graph = graphs?.graph;
  const content: Content = {
    tensors,
    graph,
    trees:
      before.trees && after.trees
        ? diffTrees(before.trees, after.trees, familyOf(before.format) === familyOf(after.format))
        : undefined,
    hyperparameters: diffValues(before.hyperparameters, after.hyperparameters),
    metadata: diffValues(before.metadata, after.metadata),
    files: diffSettings(a.settings, b.settings),
    complete: before.complete && after.complete && tensors.unknown === 0 && !graphs?.isCut,
    notes: notesOf(before, after, tensors, graphs?.isCut === true),
  };
  if (isUnchanged(content) && (isSame || (await haveSameBytes(a, b, operation))))
    return documentOf({ ...sides, ...nothing, identical: true }, {});
  const alarms = alarmsOf(before, after, tensors.entries, graph?.signature);
  return documentOf({ ...sides, ...content, identical: false }, { relativeL2, alarms });
}

/** Then it may be the same file under another name. */
function isUnchanged({ tensors, graph, hyperparameters, metadata, files }: Content): boolean {
  const changes = [hyperparameters, metadata, files, graph?.nodes.changes ?? []];
  return (
    tensors.entries.every(({ frozen, renamed }) => frozen && !renamed) &&
    changes.every(({ length }) => length === 0)
  );
}

type Content = Omit<ModelDiff, 'schemaVersion' | 'a' | 'b' | 'identical' | 'verdict'>;

const nothing: Content = {
  tensors: { added: 0, removed: 0, changed: 0, same: 0, unknown: 0, renamed: 0, entries: [], modules: [] },
  hyperparameters: [],
  metadata: [],
  files: [],
  complete: true,
  notes: [],
};

function documentOf(
  facts: Omit<ModelDiff, 'schemaVersion' | 'verdict'>,
  { relativeL2, alarms = [] }: Partial<Pick<ModelDiff['verdict'], 'relativeL2' | 'alarms'>>,
): ModelDiff {
  const verdict = verdictOf({ ...facts, relativeL2, alarms });
  const { a, b, identical, ...content } = facts;
  return { schemaVersion: modelDiffVersion, a, b, identical, verdict, ...content };
}

function sideOf({ name, size, id, summary }: ModelSide): DiffSide {
  const { format, formatVersion, producer, parameters, tensors, complete } = summary;
  return {
    name,
    format,
    formatLabel: formatLabel(format),
    formatVersion,
    producer,
    size,
    id,
    parameters,
    tensors: tensors.length,
    complete,
  };
}

/** What tensors of a are called in b, where that is something else. */
function newNames({ entries }: TensorsDiff): Map<string, string> {
  return new Map(entries.flatMap(({ a, b, renamed }) => (renamed && a && b ? [[a.name, b.name]] : [])));
}

/** Formats that write the parts of a tree alike: JSON and binary JSON of XGBoost, pickles with and without joblib. */
function familyOf(format: FormatName): string {
  const families: Partial<Record<FormatName, string>> = {
    xgboostJson: 'xgboost',
    joblib: 'pickle',
    skops: 'pickle',
  };
  return families[format] ?? format;
}
