import type { Inspection } from '../trail/api/inspection.ts';
import type { TrailChange } from '../trail/api/models.ts';
import type { TrailApi } from '../trail/api/trailApi.ts';

/**
 * The methods of the engine that can be called from another process, with the number of their plain arguments. The `Operation` that some take after those
 * cannot be sent: its progress and its cancelling travel as messages, and it is made anew on the other side.
 */
export const plainArguments = {
  info: 0,
  refresh: 0,
  checkWorkingCopies: 0,
  models: 0,
  versions: 2,
  versionIds: 2,
  matching: 1,
  version: 1,
  resolve: 1,
  checkWorkingCopy: 1,
  record: 1,
  tag: 3,
  stage: 2,
  untag: 2,
  unstage: 1,
  note: 2,
  measure: 2,
  rename: 2,
  calledNow: 1,
  planRollback: 1,
  rollback: 1,
  planUndo: 1,
  undo: 1,
  lostEntries: 0,
  bringBack: 0,
  letGo: 1,
  activity: 1,
  manifest: 1,
  inspect: 1,
  inspectAll: 1,
  tensorDetail: 2,
  tensorSlice: 3,
  diff: 2,
  tensorDifference: 3,
  planSaveAs: 2,
  saveAs: 2,
  verify: 1,
  usage: 0,
  planFree: 1,
  planForget: 1,
  forget: 1,
  collectGarbage: 0,
  pack: 0,
  moveStore: 1,
} as const satisfies Record<Exclude<keyof TrailApi, 'close'>, number>;

export type TrailMethod = keyof typeof plainArguments;

export const trailMethods = Object.keys(plainArguments) as readonly TrailMethod[];

/** An inspection with its record as JSON. */
export interface InspectionText extends Omit<Inspection, 'record'> {
  readonly json: string;
}

export interface ChangeEvent {
  readonly root: string;
  readonly change: TrailChange;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface LogEvent {
  readonly level: LogLevel;
  readonly message: string;
}

/** What the engine is told first: the translations, as `l10n/bundle.l10n.*.json` holds them. */
export interface EngineStart {
  readonly l10n?: Readonly<Record<string, string>>;
}
