import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Fact, ModelPath } from '../core/facts.ts';
import { fold, mergeModelFacts, type ModelFacts, type TrailState } from '../core/fold.ts';
import type { HistoryBlob } from '../history/cache.ts';
import { type GitVersion, joinVersions, type Version } from '../core/versions.ts';
import type { VersionTarget } from './api/targets.ts';

/** A model file as it was found on disk. */
export interface FoundFile {
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** Of a directory that is one model. */
  readonly files?: number;
}

/** What Git knows of a model. */
export interface GitHistory {
  versions(model: ModelPath): readonly GitVersion[];
  /** The paths it had before it was renamed. */
  earlierPaths(model: ModelPath): readonly ModelPath[];
  /** The content of a blob, if it is known. */
  blob(oid: string): HistoryBlob | undefined;
}

/** All that is known of a trail at one moment, joined into models and versions when asked. */
export class Catalogue {
  readonly #facts = new Map<string, Fact>();
  #state: TrailState | undefined;
  #history: GitHistory = { versions: () => [], earlierPaths: () => [], blob: () => undefined };
  #files: ReadonlyMap<ModelPath, FoundFile> = new Map();
  readonly #versions = new Map<ModelPath, readonly Version[]>();

  addFacts(facts: Iterable<{ readonly name: string; readonly fact: Fact }>): void {
    for (const { name, fact } of facts) this.#facts.set(name, fact);
    this.#forget();
  }

  removeFacts(names: Iterable<string>): void {
    for (const name of names) this.#facts.delete(name);
    this.#forget();
  }

  hasFact(name: string): boolean {
    return this.#facts.has(name);
  }

  factNames(): Iterable<string> {
    return this.#facts.keys();
  }

  setHistory(history: GitHistory): void {
    this.#history = history;
    this.#versions.clear();
  }

  /** @returns whether they differ from those before */
  setFiles(files: ReadonlyMap<ModelPath, FoundFile>): boolean {
    const same = isDeepStrictEqual(files, this.#files);
    this.#files = files;
    if (!same) this.#versions.clear();
    return !same;
  }

  #forget(): void {
    this.#state = undefined;
    this.#versions.clear();
  }

  get state(): TrailState {
    this.#state ??= fold(this.#facts.values());
    return this.#state;
  }

  /** What the journal says of a model, under the paths that it had before Git saw it renamed too. */
  factsOf(model: ModelPath): ModelFacts | undefined {
    let facts = this.state.models.get(model);
    for (const path of this.#formerPaths(model)) {
      const earlier = this.state.models.get(path);
      if (earlier) facts = mergeModelFacts(earlier, facts);
    }
    return facts;
  }

  /** Where another file is at the old path by now, that file has the old path's facts. */
  #formerPaths(model: ModelPath): ModelPath[] {
    return this.#history.earlierPaths(model).filter((path) => !this.#files.has(path));
  }

  /** The models on disk, and those that have recorded versions though their file is gone. */
  models(): ModelPath[] {
    const models = new Set(this.#files.keys());
    const renamed = new Set([...models].flatMap((model) => this.#formerPaths(model)));
    for (const [path, model] of this.state.models)
      if (model.lastNumber > 0 && !renamed.has(path)) models.add(path);
    return [...models].sort();
  }

  /** Newest first. */
  versionsOf(model: ModelPath): readonly Version[] {
    let versions = this.#versions.get(model);
    if (!versions) {
      versions = joinVersions(model, this.factsOf(model), this.#history.versions(model));
      this.#versions.set(model, versions);
    }
    return versions;
  }

  /** Of all models. */
  recordedVersions(): readonly Version[] {
    return this.models()
      .flatMap((model) => this.versionsOf(model))
      .filter(({ number }) => number !== undefined);
  }

  blob(oid: string): HistoryBlob | undefined {
    return this.#history.blob(oid);
  }

  /** @throws TrailError `notFound` */
  version(target: VersionTarget): Version {
    const found = this.versionsOf(target.model).find((version) => version.id === target.version);
    if (found) return found;
    throw new TrailError(
      'notFound',
      l10n.t('{0} has no version {1}.', target.model, target.version.slice(0, 12)),
    );
  }
}
