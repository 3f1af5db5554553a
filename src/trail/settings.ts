import { defaultExclude, defaultInclude } from '../core/defaultPatterns.ts';
import { defaultStages } from '../core/stages.ts';
import type { TrailSettings } from './api.ts';

export const defaultSettings: TrailSettings = {
  include: defaultInclude,
  exclude: defaultExclude,
  stages: defaultStages,
  trusted: true,
};
