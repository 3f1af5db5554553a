import { isDeepStrictEqual } from 'node:util';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import type { Fact, ModelPath, RolledBackFact } from '../../core/facts.ts';
import { type CountingFact, fold, foldModel, type ModelFacts, type TrailState } from '../../core/fold.ts';
import type { HistoryBlob } from '../../history/cache.ts';
import { shortId } from '../../core/shortId.ts';
import { type GitVersion, joinVersions, type Version } from '../../core/versions.ts';
import type { NamedFact } from '../../journal/journal.ts';
import type { VersionTarget } from '../api/targets.ts';
import { GoneModels } from './goneModels.ts';
import { byOwner, type Departures, ownerOf, type Renames } from './owners.ts';

/** A model file as it was found on disk. */
export interface FoundFile {
  /** In bytes. */
  readonly size: number;
  readonly mtimeMs: number;
  /** Of a directory that is one model. */
  readonly files?: number;
}

/** What Git knows of a model. */
export interface GitHistory extends Departures {
  /** Whether it was read at all, now or at some time before. */
  readonly isRead: boolean;
  /** Whether it is read for the first time, so that nothing is known yet. */
  readonly isAwaited: boolean;
  versions(model: ModelPath): readonly GitVersion[];
  /** The models that are in what is checked out. */
  readonly tracked: readonly ModelPath[];
  /** The content of a blob, if it is known. */
  blob(oid: string): HistoryBlob | undefined;
}

/** All that is known of a trail at one moment, joined into models and versions when asked. */
export class Catalogue {
  readonly gone = new GoneModels(this);
  readonly #facts = new Map<string, Fact>();
  #state: TrailState | undefined;
  #history: GitHistory = {
    isRead: false,
    isAwaited: false,
    versions: () => [],
    tracked: [],
    departures: () => [],
    orderOf: () => undefined,
    blob: () => undefined,
  };
  #files: ReadonlyMap<ModelPath, FoundFile> = new Map();
  /** Models that Git has checked out, and whose files are gone. */
  #deleted: readonly ModelPath[] = [];
  /** Joined before, as long as it is right. */
  readonly #versions = new Map<ModelPath, readonly Version[]>();
  #models: readonly ModelPath[] | undefined;
  #byOwner: ReadonlyMap<ModelPath, readonly CountingFact[]> | undefined;
  /** Of Git revisions that no local branch reaches: what was asked for by name can be worked with, but is not listed. */
  readonly #unlisted = new Map<string, GitVersion>();

  addFacts(facts: Iterable<NamedFact>): void {
    for (const { name, fact } of facts) this.#facts.set(name, fact);
    this.#invalidate();
  }

  removeFacts(names: Iterable<string>): void {
    for (const name of names) this.#facts.delete(name);
    this.#invalidate();
  }

  /** What would be known if some facts came: this one stays as it is. */
  supposing(facts: Iterable<NamedFact>): Catalogue {
    const supposed = new Catalogue();
    supposed.#history = this.#history;
    supposed.#files = this.#files;
    supposed.#deleted = this.#deleted;
    for (const [name, fact] of this.#facts) supposed.#facts.set(name, fact);
    supposed.addFacts(facts);
    return supposed;
  }

  hasFact(name: string): boolean {
    return this.#facts.has(name);
  }

  factNames(): Iterable<string> {
    return this.#facts.keys();
  }

  setHistory(history: GitHistory): void {
    this.#history = history;
    this.#byOwner = undefined;
    this.#joinAnew();
  }

  get isHistoryRead(): boolean {
    return this.#history.isRead;
  }

  get isHistoryAwaited(): boolean {
    return this.#history.isAwaited;
  }

  /** @returns whether they differ from those before */
  setFiles(files: ReadonlyMap<ModelPath, FoundFile>): boolean {
    const same = isDeepStrictEqual(files, this.#files);
    this.#files = files;
    if (!same) this.#joinAnew();
    return !same;
  }

  /** Whether a model was found on disk when the folder was last looked through. */
  isFound(model: ModelPath): boolean {
    return this.#files.has(model);
  }

  /** The models that Git has checked out. */
  get tracked(): readonly ModelPath[] {
    return this.#history.tracked;
  }

  /** @returns whether they differ from those before */
  setDeleted(models: readonly ModelPath[]): boolean {
    const same = isDeepStrictEqual(models, this.#deleted);
    this.#deleted = models;
    if (!same) this.#joinAnew();
    return !same;
  }

  #invalidate(): void {
    this.#state = undefined;
    this.#byOwner = undefined;
    this.#joinAnew();
  }

  #joinAnew(): void {
    this.#versions.clear();
    this.#models = undefined;
    this.gone.findAnew();
  }

  get state(): TrailState {
    this.#state ??= fold(this.#facts.values());
    return this.#state;
  }

  /** What the journal says of a model, under all its paths. */
  factsOf(model: ModelPath): ModelFacts | undefined {
    const facts = this.factsAbout(model);
    return facts === this.state.factsOf.get(model) ? this.state.models.get(model) : foldModel(facts);
  }

  /** Those that count, in order. */
  factsAbout(model: ModelPath): readonly CountingFact[] {
    return this.#owned.get(model) ?? [];
  }

  get #owned(): ReadonlyMap<ModelPath, readonly CountingFact[]> {
    return (this.#byOwner ??= byOwner(this.state.factsOf, this.#renames));
  }

  /** What the model that a fact is about is called now. */
  modelOf(fact: Fact): ModelPath {
    return ownerOf(fact, this.#renames);
  }

  get #renames(): Renames {
    const { departures, orderOf } = this.#history;
    return { departures, orderOf, said: (path) => this.state.renames.get(path) ?? [] };
  }

  /** What the model is called now that had a path which no model has any more. */
  calledNow(path: ModelPath): ModelPath | undefined {
    const last = this.models().includes(path) ? undefined : this.state.factsOf.get(path)?.at(-1);
    const now = last && this.modelOf(last);
    return now === path ? undefined : now;
  }

  /** The last commit that moved what was at one of these paths before to another. */
  lastDeparture(...paths: readonly ModelPath[]): string | undefined {
    const departures = paths.flatMap((path) => this.#history.departures(path));
    return departures.sort((a, b) => a.order - b.order).at(-1)?.commit;
  }

  /** All numbers that were given under the paths that a model had: they would be its own if a rename were taken back. */
  numbersAround(model: ModelPath): ReadonlySet<number> {
    const paths = new Set([model, ...this.factsAbout(model).map((fact) => fact.model)]);
    const numbers = new Set<number>();
    for (const path of paths)
      for (const number of this.state.models.get(path)?.numbers ?? []) numbers.add(number);
    return numbers;
  }

  /** Whether Git has versions of a model. */
  isInGit(model: ModelPath): boolean {
    return this.#history.versions(model).length > 0;
  }

  /** The path under which a model was first recorded: the same in all branches that know of that. */
  firstPathOf(model: ModelPath): ModelPath {
    return this.factsAbout(model).find(({ kind }) => kind === 'recorded')?.model ?? model;
  }

  /** The models on disk, and those whose file is gone: the ones with recorded versions, and the ones that Git has checked out. */
  models(): readonly ModelPath[] {
    return (this.#models ??= this.#findModels());
  }

  #findModels(): readonly ModelPath[] {
    const recorded = [...this.#owned].flatMap(([model, facts]) =>
      facts.some(({ kind }) => kind === 'recorded') ? model : [],
    );
    const deleted = this.#deleted.filter((model) => this.isInGit(model));
    return [...new Set([...this.#files.keys(), ...recorded, ...deleted])].sort();
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
    return this.factsAbout(model).findLast((fact) => fact.kind === 'rolledBack');
  }

  blob(oid: string): HistoryBlob | undefined {
    return this.#history.blob(oid);
  }

  /** Makes known what a model was at a revision that no local branch reaches. */
  addUnlisted(model: ModelPath, version: GitVersion): Version {
    const target = { model, version: version.id };
    this.#unlisted.set(keyOf(target), version);
    return this.version(target);
  }

  /** @throws TrailError `notFound` */
  version(target: VersionTarget): Version {
    const found = this.find(target);
    if (found) return found;
    throw new TrailError(
      'notFound',
      l10n.t('{0} has no version {1}.', target.model, shortId(target.version)),
    );
  }

  find(target: VersionTarget): Version | undefined {
    const { model, version: id } = target;
    const listed = this.versionsOf(model).find((version) => version.id === id);
    const unlisted = this.#unlisted.get(keyOf(target));
    if (listed || !unlisted) return listed;
    return joinVersions(model, this.factsOf(model), [unlisted]).find((version) => version.id === id);
  }
}

function keyOf({ model, version }: VersionTarget): string {
  return `${version} ${model}`;
}
