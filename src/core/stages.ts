export const defaultStages = ['development', 'staging', 'production', 'retired'] as const;

/** Only one version of a model holds it at a time: who is promoted to it retires the one before. */
export const exclusiveStage = 'production';
export const retiredStage = 'retired';
