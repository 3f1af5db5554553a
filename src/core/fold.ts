import {
  type Author,
  compareFacts,
  type ContentId,
  type Fact,
  type Metrics,
  type ModelPath,
  type Params,
  type Provenance,
  type RecordedFact,
  type RenamedFact,
} from './facts.ts';
import { exclusiveStage, retiredStage } from './stages.ts';

/** What the journal says of one content of one model. Git may know the same content too. */
export interface VersionFacts {
  readonly id: ContentId;
  recorded?: {
    readonly number: number;
    readonly size: number;
    readonly files?: number;
    readonly time: string;
    /** What versions are ordered by: the time, but none before that of a version that was recorded before. */
    readonly order: string;
    readonly by: Author;
    readonly provenance?: Provenance;
    readonly externalData?: Readonly<Record<string, ContentId>>;
  };
  message?: string;
  note?: string;
  metrics: Metrics;
  params: Params;
  /** Names of those that somebody gave: no file is stronger. */
  byHand?: ReadonlySet<string>;
  stage?: string;
  /** Ids of the records of it that nobody gave up. */
  standing: ReadonlySet<string>;
  /** Its bytes were given up, by all who recorded them, and not recorded again since. */
  forgotten?: boolean;
  /** Recorded under several numbers: on two machines, or by two models that had the path one after the other. */
  renumbered?: boolean;
}

export interface ModelFacts {
  readonly versions: Map<ContentId, VersionFacts>;
  readonly tags: Map<string, ContentId>;
  /** The content last recorded or rolled back to: what the working copy came from. */
  head?: ContentId;
  /** Whether `head` was put in place by a rollback: files beside the model may still be those of what was there before. */
  headWasPutBack?: boolean;
  /** When that was said last. */
  headSince?: string;
  /** All version numbers that were given. */
  readonly numbers: Set<number>;
  /** The greatest time at which something was recorded. */
  latest: string;
}

export type CountingFact = Exclude<Fact, { kind: 'undone' }>;

export interface TrailState {
  /** By the path that each model had when something was said of it. */
  readonly models: ReadonlyMap<ModelPath, ModelFacts>;
  /** Those that count, of each path, in order. */
  readonly factsOf: ReadonlyMap<ModelPath, readonly CountingFact[]>;
  /** What was said of each path, that what is at it was renamed, in order. */
  readonly renames: ReadonlyMap<ModelPath, readonly RenamedFact[]>;
  /** All facts in order, those that no longer count included. */
  readonly facts: readonly Fact[];
  /** Ids of facts that were undone. */
  readonly undone: ReadonlySet<string>;
}

/** Folds facts, in whatever order they arrive, into the state that they add up to. */
export function fold(facts: Iterable<Fact>): TrailState {
  const ordered = [...new Map([...facts].map((fact) => [fact.id, fact])).values()].sort(compareFacts);
  const undone = undoneFacts(ordered);
  const factsOf = new Map<ModelPath, CountingFact[]>();
  const renames = new Map<ModelPath, RenamedFact[]>();
  for (const fact of ordered) {
    if (fact.kind === 'undone' || undone.has(fact.id)) continue;
    add(factsOf, fact);
    if (fact.kind === 'renamed') add(renames, fact);
  }
  const models = new Map([...factsOf].map(([model, facts]) => [model, addUp(facts)]));
  return { models, factsOf, renames, facts: ordered, undone };
}

function add<F extends Fact>(byPath: Map<ModelPath, F[]>, fact: F): void {
  const known = byPath.get(fact.model);
  if (known) known.push(fact);
  else byPath.set(fact.model, [fact]);
}

/**
 * What is known of one model: whatever it was called, what was said later is stronger.
 * @param facts those that count, in order
 */
export function foldModel(facts: readonly CountingFact[]): ModelFacts | undefined {
  return facts.length > 0 ? addUp(facts) : undefined;
}

/** Where two models may have recorded the bytes under one path, that one of them gave them up says nothing of the other. */
export function isGivenUp({ forgotten, renumbered }: VersionFacts): boolean {
  return forgotten === true && !renumbered;
}

/** An undo can itself be undone, so the newest one speaks first. */
function undoneFacts(ordered: readonly Fact[]): Set<string> {
  const undone = new Set<string>();
  for (const fact of ordered.toReversed()) {
    if (fact.kind === 'undone' && !undone.has(fact.id)) undone.add(fact.undoes);
  }
  return undone;
}

/** @param facts of one model, in order */
function addUp(facts: readonly CountingFact[]): ModelFacts {
  const model: ModelFacts = { versions: new Map(), tags: new Map(), numbers: new Set(), latest: '' };
  for (const fact of facts) if (fact.kind !== 'renamed') apply(model, fact);
  return model;
}

/** On two branches one graph may have been recorded with other weights: what is said of those is not said of it. */
function isOfSameData(
  { externalData: known }: Pick<RecordedFact, 'externalData'>,
  { externalData: said = {} }: Pick<RecordedFact, 'externalData'>,
): boolean {
  return known === undefined || Object.entries(said).every(([name, id]) => (known[name] ?? id) === id);
}

function newVersion(id: ContentId): VersionFacts {
  return { id, metrics: {}, params: {}, standing: new Set() };
}

function apply(model: ModelFacts, fact: Exclude<CountingFact, RenamedFact>): void {
  let version = model.versions.get(fact.version);
  if (!version) model.versions.set(fact.version, (version = newVersion(fact.version)));
  switch (fact.kind) {
    case 'recorded': {
      const { number, size, files, time, by, provenance, externalData } = fact;
      // Recording the same content again adds to it; its number and its origin stay.
      if (time > model.latest) model.latest = time;
      if (version.recorded && version.recorded.number !== number) version.renumbered = true;
      version.recorded ??= { number, size, files, time, order: model.latest, by, provenance, externalData };
      if (isOfSameData(version.recorded, fact)) {
        if (fact.message) version.message = fact.message;
        version.metrics = { ...version.metrics, ...fact.metrics };
        version.params = { ...version.params, ...fact.params };
        if (fact.byHand) version.byHand = new Set([...(version.byHand ?? []), ...fact.byHand]);
        // Weights that were missing the first time.
        if (externalData) {
          const data = { ...externalData, ...version.recorded.externalData };
          version.recorded = { ...version.recorded, externalData: data };
        }
      }
      version.standing = new Set([...version.standing, fact.id]);
      version.forgotten = undefined;
      model.numbers.add(number);
      if (model.head !== fact.version) model.headWasPutBack = false;
      model.head = fact.version;
      break;
    }
    case 'tagged':
      model.tags.set(fact.tag, fact.version);
      break;
    case 'staged':
      if (fact.stage === exclusiveStage) {
        for (const other of model.versions.values()) {
          if (other.stage === exclusiveStage) other.stage = retiredStage;
        }
      }
      version.stage = fact.stage;
      break;
    case 'untagged':
      if (model.tags.get(fact.tag) === fact.version) model.tags.delete(fact.tag);
      break;
    case 'unstaged':
      if (version.stage === fact.stage) version.stage = undefined;
      break;
    case 'noted':
      version.note = fact.note;
      break;
    case 'measured':
      version.metrics = { ...version.metrics, ...fact.metrics };
      version.params = { ...version.params, ...fact.params };
      version.byHand = new Set([
        ...(version.byHand ?? []),
        ...Object.keys({ ...fact.metrics, ...fact.params }),
      ]);
      break;
    case 'forgotten':
      version.standing = fact.records
        ? new Set([...version.standing].filter((id) => !fact.records?.includes(id)))
        : new Set();
      if (version.standing.size === 0) version.forgotten = true;
      break;
    case 'rolledBack':
      model.head = fact.version;
      model.headWasPutBack = true;
      model.headSince = fact.time;
      break;
  }
}
