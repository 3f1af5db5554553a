import {
  type Author,
  compareFacts,
  type ContentId,
  type Fact,
  type Metrics,
  type ModelPath,
  type Params,
  type Provenance,
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
    readonly by: Author;
    readonly provenance?: Provenance;
  };
  message?: string;
  note?: string;
  metrics: Metrics;
  params: Params;
  stage?: string;
  /** Its bytes were given up, and not recorded again since. */
  forgotten?: boolean;
}

export interface ModelFacts {
  readonly versions: Map<ContentId, VersionFacts>;
  readonly tags: Map<string, ContentId>;
  /** The content last recorded or rolled back to: what the working copy came from. */
  head?: ContentId;
  /** Whether `head` was put in place by a rollback: files beside the model may still be those of what was there before. */
  headWasPutBack?: boolean;
  /** The highest version number in use. */
  lastNumber: number;
}

export interface TrailState {
  readonly models: ReadonlyMap<ModelPath, ModelFacts>;
  /** All facts in order, those that no longer count included. */
  readonly facts: readonly Fact[];
  /** Ids of facts that were undone. */
  readonly undone: ReadonlySet<string>;
}

/** Folds facts, in whatever order they arrive, into the state that they add up to. */
export function fold(facts: Iterable<Fact>): TrailState {
  const ordered = [...new Map([...facts].map((fact) => [fact.id, fact])).values()].sort(compareFacts);
  const undone = undoneFacts(ordered);
  const models = new Map<ModelPath, ModelFacts>();
  for (const fact of ordered) {
    if (fact.kind === 'undone' || undone.has(fact.id)) continue;
    let model = models.get(fact.model);
    if (!model) models.set(fact.model, (model = { versions: new Map(), tags: new Map(), lastNumber: 0 }));
    apply(model, fact);
  }
  return { models, facts: ordered, undone };
}

/** The facts of a model that had another path before: what was said later is stronger. */
export function mergeModelFacts(earlier: ModelFacts, later: ModelFacts | undefined): ModelFacts {
  if (!later) return earlier;
  const versions = new Map(earlier.versions);
  for (const [id, facts] of later.versions) {
    const before = versions.get(id);
    versions.set(id, {
      ...before,
      ...facts,
      // Keys that are there but undefined must not hide what the earlier path knew.
      recorded: before?.recorded ?? facts.recorded,
      message: facts.message ?? before?.message,
      note: facts.note ?? before?.note,
      stage: facts.stage ?? before?.stage,
      forgotten: facts.forgotten ?? before?.forgotten,
      metrics: { ...before?.metrics, ...facts.metrics },
      params: { ...before?.params, ...facts.params },
    });
  }
  return {
    versions,
    tags: new Map([...earlier.tags, ...later.tags]),
    head: later.head ?? earlier.head,
    headWasPutBack: later.head === undefined ? earlier.headWasPutBack : later.headWasPutBack,
    lastNumber: Math.max(earlier.lastNumber, later.lastNumber),
  };
}

/** An undo can itself be undone, so the newest one speaks first. */
function undoneFacts(ordered: readonly Fact[]): Set<string> {
  const undone = new Set<string>();
  for (const fact of ordered.toReversed()) {
    if (fact.kind === 'undone' && !undone.has(fact.id)) undone.add(fact.undoes);
  }
  return undone;
}

function apply(model: ModelFacts, fact: Exclude<Fact, { kind: 'undone' }>): void {
  let version = model.versions.get(fact.version);
  if (!version) model.versions.set(fact.version, (version = { id: fact.version, metrics: {}, params: {} }));
  switch (fact.kind) {
    case 'recorded': {
      const { number, size, files, time, by, provenance } = fact;
      // Recording the same content again adds to it; its number and its origin stay.
      version.recorded ??= { number, size, files, time, by, provenance };
      if (fact.message) version.message = fact.message;
      version.metrics = { ...version.metrics, ...fact.metrics };
      version.params = { ...version.params, ...fact.params };
      version.forgotten = undefined;
      model.lastNumber = Math.max(model.lastNumber, number);
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
    case 'noted':
      version.note = fact.note;
      break;
    case 'measured':
      version.metrics = { ...version.metrics, ...fact.metrics };
      version.params = { ...version.params, ...fact.params };
      break;
    case 'forgotten':
      version.forgotten = true;
      break;
    case 'rolledBack':
      model.head = fact.version;
      model.headWasPutBack = true;
      break;
  }
}
