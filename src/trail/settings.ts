import { defaultExclude, defaultInclude } from '../core/defaultPatterns.ts';
import { defaultStages } from '../core/stages.ts';

export interface TrailSettings {
  /** Globs relative to the trail root that make a file a model. */
  readonly include: readonly string[];
  /** Globs that are never looked into. */
  readonly exclude: readonly string[];
  readonly stages: readonly string[];
  /** The folder of the contents, absolute or relative to the trail root, if not the store's own; several workspaces may share it. */
  readonly storePath?: string;
  /** The Git program, absolute, if not the one that the system finds. */
  readonly gitBinary?: string;
  /** False in an untrusted workspace: no Git process is started and nothing can be changed. */
  readonly trusted: boolean;
}

export const defaultSettings: TrailSettings = {
  include: defaultInclude,
  exclude: defaultExclude,
  stages: defaultStages,
  trusted: true,
};
