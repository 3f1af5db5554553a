import path from 'node:path';

/** The root of this repository. */
export const repositoryRoot = path.resolve(import.meta.dirname, '../..');
