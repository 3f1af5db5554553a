import type { Operation } from '../core/operation.ts';
import type { TrailInfo } from '../trail/api/models.ts';
import type { TrailApi } from '../trail/api/trailApi.ts';
import type { ModelPaths } from './modelPaths.ts';

export interface Option {
  readonly type: 'boolean' | 'string';
  readonly short?: string;
  readonly multiple?: true;
  /** What stands for the value in the help, such as `TEXT`. */
  readonly value?: string;
  /** A function, so that the language is the one set by the time it is shown. */
  readonly summary: () => string;
}
export type Options = Readonly<Record<string, Option>>;

/** `['REF...']` takes one or more, `['[PATH]']` one or none, which come last; every other name stands for exactly one. */
export type Positionals = readonly string[];

/** What a command is given to work with. */
export interface Session {
  readonly trail: TrailApi;
  readonly info: TrailInfo;
  readonly paths: ModelPaths;
  readonly operation: Operation;
  /** The width of the terminal that the text is for; absent when it goes elsewhere. */
  readonly columns?: number;
  readonly now: Date;
  /**
   * Asks whether to do what the sentence says.
   * @throws TrailError `refused` when the answer is no, or there is no terminal to ask on
   */
  confirm(sentence: string): Promise<void>;
  /** Says something on the side. */
  warn(message: string): void;
}

/** What a command that needs no trail is given. */
export interface Surroundings {
  /** Absolute: where to work. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly operation: Operation;
  /** The width of the terminal that the text is for; absent when it goes elsewhere. */
  readonly columns?: number;
  /** For what turns out to be about a trail: the one that the directory belongs to. */
  withTrail<T>(work: (session: Session) => Promise<T>): Promise<T>;
}

/** What a command has to say: with `--json` the document, else the text. */
export interface Outcome {
  /** Of several things, each a document on a line of its own. */
  readonly json: Readonly<Record<string, unknown>> | readonly Readonly<Record<string, unknown>>[];
  /** Lines, the last one without its line break; may be styled. */
  readonly text: string;
  /** 1: a check failed, or differences were found where asked for. 3: some of what was asked for failed. */
  readonly exitCode?: 0 | 1 | 3;
}

export interface Arguments {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
}

interface Declared {
  readonly name: string;
  readonly summary: () => string;
  readonly positionals: Positionals;
  readonly options: Options;
}

export interface TrailCommand extends Declared {
  /** One that begins while the folder and Git's history are still looked at, with a file that it reads as a whole. @returns its path */
  readsFirst?(given: Arguments): string | undefined;
  run(session: Session, given: Arguments): Promise<Outcome>;
}

/** Works anywhere, and opens no trail. */
export interface LoneCommand extends Declared {
  runAlone(surroundings: Surroundings, given: Arguments): Promise<Outcome>;
}

export type Command = TrailCommand | LoneCommand;

type PositionalValues<P extends Positionals> = P extends readonly [`${string}...`]
  ? readonly [string, ...string[]]
  : { readonly [K in keyof P]: P[K] extends `[${string}]` ? string | undefined : string };

type OptionValues<O extends Options> = {
  readonly [K in keyof O]: O[K] extends { readonly type: 'boolean' }
    ? boolean
    : O[K] extends { readonly multiple: true }
      ? readonly string[]
      : string | undefined;
};

interface Definition<P extends Positionals, O extends Options> extends Declared {
  readonly positionals: P;
  readonly options: O;
}

interface Given<P extends Positionals, O extends Options> {
  readonly positionals: PositionalValues<P>;
  readonly options: OptionValues<O>;
}

/** Declares a command; the parser guarantees that `run` is given what `positionals` and `options` declare. */
export function defineCommand<const P extends Positionals, const O extends Options>(
  definition: Definition<P, O> & {
    readsFirst?(given: Given<P, O>): string | undefined;
    run(session: Session, given: Given<P, O>): Promise<Outcome>;
  },
): TrailCommand {
  return definition as unknown as TrailCommand;
}

/** The same for a command that opens no trail. */
export function defineLoneCommand<const P extends Positionals, const O extends Options>(
  definition: Definition<P, O> & {
    runAlone(surroundings: Surroundings, given: Given<P, O>): Promise<Outcome>;
  },
): LoneCommand {
  return definition as unknown as LoneCommand;
}
