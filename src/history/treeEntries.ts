import { gitAnswer } from './answers.ts';
import type { GitProgram } from './environment.ts';
import { unlessGitFailed } from './process.ts';
import { asBlob } from './trees.ts';

/** Windows has room for 32,767 characters in a command. */
const mostCharacters = 16_000;

/** The blobs at some paths of a commit, of a folder its tree as `<oid>/`, by path: those that are there. @throws TrailError `cancelled` */
export async function blobsIn(
  git: GitProgram,
  commit: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const blobs = new Map<string, string>();
  const command = ['ls-tree', '-z', '--full-tree', commit, '--'];
  for (const some of inCommands(paths.map((path) => `:(literal)${path}`))) {
    const entries = await gitAnswer(git, [...command, ...some], signal).catch(unlessGitFailed);
    for (const entry of entries?.split('\0') ?? []) {
      const [, blob, tree, path] =
        /^(?:100\d{3} blob ([0-9a-f]+)|040000 tree ([0-9a-f]+))\t([^]*)/.exec(entry) ?? [];
      if (path !== undefined) blobs.set(path, tree === undefined ? (blob ?? '') : asBlob(tree));
    }
  }
  return blobs;
}

function* inCommands(words: readonly string[]): Generator<readonly string[]> {
  let some: string[] = [];
  let characters = 0;
  for (const word of words) {
    if (some.length > 0 && characters + word.length > mostCharacters) {
      yield some;
      some = [];
      characters = 0;
    }
    some.push(word);
    characters += word.length + 1;
  }
  if (some.length > 0) yield some;
}
