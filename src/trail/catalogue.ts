import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import {
  compareFacts,
  type ContentId,
  type Fact,
  type ModelPath,
  type RolledBackFact,
} from '../core/facts.ts';
import { fold, foldPaths, type ModelFacts, type TrailState } from '../core/fold.ts';
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
  /** Joined before, as long as it is right. */
  readonly #versions = new Map<ModelPath, readonly Version[]>();
  #models: readonly ModelPath[] | undefined;

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
    this.#joinAnew();
  }

  /** @returns whether they differ from those before */
  setFiles(files: ReadonlyMap<ModelPath, FoundFile>): boolean {
    const same = isDeepStrictEqual(files, this.#files);
    this.#files = files;
    if (!same) this.#joinAnew();
    return !same;
  }

  #forget(): void {
    this.#state = undefined;
    this.#joinAnew();
  }

  #joinAnew(): void {
    this.#versions.clear();
    this.#models = undefined;
  }

  get state(): TrailState {
    this.#state ??= fold(this.#facts.values());
    return this.#state;
  }

  /** What the journal says of a model, under all its paths. */
  factsOf(model: ModelPath): ModelFacts | undefined {
    return foldPaths(this.state, this.pathsOf(model));
  }

  /** The path of a model, and those that it had before Git saw it renamed, unless another file is there by now. */
  pathsOf(model: ModelPath): ModelPath[] {
    const earlier = this.#history.earlierPaths(model).filter((path) => !this.#files.has(path));
    return [model, ...earlier];
  }

  /** What the model at a path is called by now. */
  nowCalled(path: ModelPath): ModelPath {
    if (this.#files.has(path)) return path;
    return this.models().find((model) => this.pathsOf(model).includes(path)) ?? path;
  }

  /**
   * What a model without versions that holds a content was called before somebody moved it, which Git says only when that is committed:
   * a model whose file is gone and that had the content.
   */
  movedFrom(model: ModelPath, content: ContentId): ModelPath | undefined {
    if (this.versionsOf(model).length > 0) return undefined;
    const gone = this.models().filter((path) => path !== model && !this.#files.has(path));
    const [found, ...others] = gone.filter((path) => this.factsOf(path)?.versions.get(content)?.recorded);
    return others.length === 0 ? found : undefined;
  }

  /** The path under which a model was first recorded: the same in all branches that know of that. */
  firstPathOf(model: ModelPath): ModelPath {
    const facts = this.pathsOf(model).flatMap((path) => this.state.factsOf.get(path) ?? []);
    return facts.filter(({ kind }) => kind === 'recorded').sort(compareFacts)[0]?.model ?? model;
  }

  /** The models on disk, and those that have recorded versions though their file is gone. */
  models(): readonly ModelPath[] {
    return (this.#models ??= this.#findModels());
  }

  #findModels(): readonly ModelPath[] {
    const recorded = [...this.state.models].filter(([, { numbers }]) => numbers.size > 0);
    const models = new Set([...this.#files.keys(), ...recorded.map(([path]) => path)]);
    const successors = new Map<ModelPath, ModelPath[]>();
    for (const model of models) {
      for (const path of this.pathsOf(model)) {
        // Of two that were each renamed to the other while both are gone, neither is hidden.
        if (path === model || this.pathsOf(path).includes(model)) continue;
        successors.set(path, [...(successors.get(path) ?? []), model]);
      }
    }
    // What a path was renamed to shows its versions, unless that is hidden itself.
    const shown = new Map<ModelPath, boolean>();
    const isShown = (path: ModelPath): boolean => {
      const known = shown.get(path);
      if (known !== undefined) return known;
      shown.set(path, false);
      const is = !successors.get(path)?.some(isShown);
      shown.set(path, is);
      return is;
    };
    return [...models].sort().filter(isShown);
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

  /** The newest rollback of a model that was not undone. */
  lastRollback(model: ModelPath): RolledBackFact | undefined {
    const facts = this.pathsOf(model).flatMap((path) => this.state.factsOf.get(path) ?? []);
    return facts
      .filter((fact) => fact.kind === 'rolledBack')
      .sort(compareFacts)
      .at(-1);
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
