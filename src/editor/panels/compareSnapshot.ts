import { compareVersions } from '../../core/compare.ts';
import type { ParamValue } from '../../core/facts.ts';
import { compareNaturally } from '../../core/naturalOrder.ts';
import { sameKey, type VersionKey } from '../../core/versionKey.ts';
import { versionName } from '../../core/versions.ts';
import { type CompareSnapshot, sendNumber } from '../../webview/compare/messages.ts';
import type { RootedVersion } from '../versionsOfKeys.ts';

/** Longer params are cut: a table cell is no place to read them. */
const longestParam = 1000;

export function keyOf(version: RootedVersion): VersionKey {
  return { root: version.root, model: version.model, version: version.id };
}

/**
 * @param keys what was asked for; those that `versions` lacks are told as missing
 * @param versions oldest first
 */
export function compareSnapshot(
  keys: readonly VersionKey[],
  versions: readonly RootedVersion[],
): CompareSnapshot {
  const table = compareVersions(versions);
  const columns = table.versions as readonly RootedVersion[];
  const models = modelsOf(columns);
  return {
    models: models.map(({ label, path }) => ({ label, path })),
    versions: columns.map((version) => ({
      key: keyOf(version),
      name: versionName(version),
      model: models.findIndex(({ root, path }) => root === version.root && path === version.model),
      time: version.time,
      by: version.by.name,
      message: version.message,
      note: version.note,
      tags: [...version.tags],
      stage: version.stage,
    })),
    metrics: table.metrics.map(({ name, direction, values }) => ({
      name,
      direction,
      values: values.map(sendNumber),
    })),
    params: table.params.map(({ name, differs, values }) => ({
      name,
      differs,
      values: values.map((value) => (value === undefined ? null : paramText(value))),
    })),
    missing: keys.filter((key) => !columns.some((version) => sameKey(keyOf(version), key))),
  };
}

interface ComparedModel {
  readonly root: string;
  readonly path: string;
  readonly label: string;
}

/** In the order of their paths. */
function modelsOf(versions: readonly RootedVersion[]): ComparedModel[] {
  const found = new Map(versions.map(({ root, model }) => [`${root}\0${model}`, { root, path: model }]));
  const models = [...found.values()].sort((a, b) => compareNaturally(a.path, b.path));
  const names: ((model: { root: string; path: string }) => string)[] = [
    ({ path }) => lastPart(path),
    ({ path }) => path,
    ({ root, path }) => `${lastPart(root)}: ${path}`,
  ];
  const telling = names.find((name) => new Set(models.map(name)).size === models.length);
  const name = telling ?? (({ root, path }) => `${root}: ${path}`);
  return models.map((model) => ({ root: model.root, path: model.path, label: name(model) }));
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
}

function paramText(value: ParamValue): string {
  const text = String(value);
  return text.length > longestParam ? `${text.slice(0, longestParam)}…` : text;
}
