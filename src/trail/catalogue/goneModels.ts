import type { ContentId, ModelPath } from '../../core/facts.ts';
import type { ModelFacts } from '../../core/fold.ts';
import type { Version } from '../../core/versions.ts';

/** What has to be known of models to tell which of them is one that was moved. */
interface Known {
  models(): readonly ModelPath[];
  /** Whether there was a file when the folder was last looked through. */
  isFound(model: ModelPath): boolean;
  factsOf(model: ModelPath): ModelFacts | undefined;
  versionsOf(model: ModelPath): readonly Version[];
  isInGit(model: ModelPath): boolean;
}

/** The models whose file is gone: one without versions that holds what one of them held is that one, moved by somebody. */
export class GoneModels {
  readonly #known: Known;
  #byContent: ReadonlyMap<ContentId, readonly ModelPath[]> | undefined;

  constructor(known: Known) {
    this.#known = known;
  }

  /** To be called when something else is known. */
  findAnew(): void {
    this.#byContent = undefined;
  }

  /** What a model that holds a content was called before somebody moved it, which Git says only when that is committed. */
  movedFrom(model: ModelPath, content: ContentId): ModelPath | undefined {
    const [found, ...others] = this.mayBeMoved(model) ? (this.#gone.get(content) ?? []) : [];
    return others.length === 0 ? found : undefined;
  }

  /** Whether a model can be another one that somebody moved: it has no versions, and some that has is gone. */
  mayBeMoved(model: ModelPath): boolean {
    return this.#gone.size > 0 && this.#known.versionsOf(model).length === 0;
  }

  /** The same where Git has no versions of that: then it will not say either that it was moved. */
  movedUnseen(model: ModelPath, content: ContentId): ModelPath | undefined {
    const from = this.movedFrom(model, content);
    return from === undefined || this.#known.isInGit(from) ? undefined : from;
  }

  /** By the contents that were recorded of them. */
  get #gone(): ReadonlyMap<ContentId, readonly ModelPath[]> {
    return (this.#byContent ??= this.#find());
  }

  #find(): ReadonlyMap<ContentId, readonly ModelPath[]> {
    const gone = new Map<ContentId, ModelPath[]>();
    for (const model of this.#known.models()) {
      if (this.#known.isFound(model)) continue;
      for (const { id, recorded } of this.#known.factsOf(model)?.versions.values() ?? [])
        if (recorded) gone.set(id, [...(gone.get(id) ?? []), model]);
    }
    return gone;
  }
}
