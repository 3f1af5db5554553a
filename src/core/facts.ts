/** SHA-256 of a file's bytes in lower-case hexadecimal: the identity of a version. */
export type ContentId = string;
/** POSIX path relative to the trail root. */
export type ModelPath = string;

export interface Author {
  readonly name: string;
  readonly email?: string;
}

export type Metrics = Readonly<Record<string, number>>;
export type ParamValue = string | number | boolean | null;
export type Params = Readonly<Record<string, ParamValue>>;

/** What produced a version, as far as it was known at the moment of recording. */
export interface Provenance {
  readonly commit?: string;
  readonly branch?: string;
  /** Whether tracked files differed from `commit`. */
  readonly dirty?: boolean;
  /** The version that the working copy came from. */
  readonly parent?: ContentId;
}

interface FactBase {
  /** ULID; also the name of the fact's file. */
  readonly id: string;
  /** ISO 8601 in UTC with milliseconds. */
  readonly time: string;
  readonly by: Author;
  readonly model: ModelPath;
  /** The last commit that had moved what was at the path to another, if any: this is said of what came there later. */
  readonly since?: string;
}

export interface RecordedFact extends FactBase {
  readonly kind: 'recorded';
  readonly version: ContentId;
  /** In bytes; of a directory that is one model, of its files together. */
  readonly size: number;
  /** How many files a directory that is one model has; absent for a model that is a file. */
  readonly files?: number;
  /** The n of `vN`. */
  readonly number: number;
  readonly message?: string;
  readonly metrics?: Metrics;
  readonly params?: Params;
  /** Names of the metrics and params that somebody gave; the others are from a file. */
  readonly byHand?: readonly string[];
  readonly provenance?: Provenance;
  /** Of an ONNX model: by path from its folder, what the files with its weights held when this version was first recorded with them. */
  readonly externalData?: Readonly<Record<string, ContentId>>;
}
export interface TaggedFact extends FactBase {
  readonly kind: 'tagged';
  readonly version: ContentId;
  readonly tag: string;
}
export interface StagedFact extends FactBase {
  readonly kind: 'staged';
  readonly version: ContentId;
  readonly stage: string;
}
/** Where the tag is on another version by now, that one keeps it. */
export interface UntaggedFact extends FactBase {
  readonly kind: 'untagged';
  readonly version: ContentId;
  readonly tag: string;
}
/** Where the version is in another stage by now, it stays in that. */
export interface UnstagedFact extends FactBase {
  readonly kind: 'unstaged';
  readonly version: ContentId;
  /** The one that it was in. */
  readonly stage: string;
}
export interface NotedFact extends FactBase {
  readonly kind: 'noted';
  readonly version: ContentId;
  readonly note: string;
}
export interface MeasuredFact extends FactBase {
  readonly kind: 'measured';
  readonly version: ContentId;
  readonly metrics?: Metrics;
  readonly params?: Params;
}
export interface RolledBackFact extends FactBase {
  readonly kind: 'rolledBack';
  /** What was in place before; null when there was no file. */
  readonly from: ContentId | null;
  /** Of how many files it was, if it was a directory. */
  readonly fromFiles?: number;
  /** What it pointed to, as it was written, if it was a symbolic link to a file. */
  readonly fromLink?: string;
  readonly version: ContentId;
  /** Ids of the rollbacks of the files with its weights, which were part of this one. */
  readonly together?: readonly string[];
}
/** The bytes of a version were given up; what is known of it stays. */
export interface ForgottenFact extends FactBase {
  readonly kind: 'forgotten';
  readonly version: ContentId;
  /** Ids of the records that were given up: another branch may have made others. Earlier versions wrote none, and gave up all before. */
  readonly records?: readonly string[];
}
/** The file of the model was renamed or moved where Git does not see it: what was said of the model until now is said of `to`. */
export interface RenamedFact extends FactBase {
  readonly kind: 'renamed';
  readonly to: ModelPath;
  /** What the file held then, if that was a version of the model. */
  readonly version?: ContentId;
  /** Ids of what was said of the files with its weights, which is part of this. */
  readonly together?: readonly string[];
}
export interface UndoneFact extends FactBase {
  readonly kind: 'undone';
  /** The id of the fact that no longer counts. */
  readonly undoes: string;
}

export type Fact =
  | RecordedFact
  | TaggedFact
  | StagedFact
  | UntaggedFact
  | UnstagedFact
  | NotedFact
  | MeasuredFact
  | RolledBackFact
  | ForgottenFact
  | RenamedFact
  | UndoneFact;
export type FactKind = Fact['kind'];

/**
 * Facts in the order in which they count. An id is greater than all that its author knew of when it was given, also where the clock of
 * somebody was ahead; the time is what the author's own clock said.
 */
export function compareFacts(a: Pick<Fact, 'id'>, b: Pick<Fact, 'id'>): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
