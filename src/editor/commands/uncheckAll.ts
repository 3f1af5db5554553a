import type { Command } from './context.ts';

/** Also the versions whose rows are gone, which nobody could uncheck one by one. */
export const uncheckAll: Command = async ({ checked }) => checked.replace([]);
