import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Git } from '../../src/history/git.ts';
import { asBlob, treeFiles } from '../../src/history/trees.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let git: Git;
beforeEach(async () => {
  workspace = makeWorkspace();
  const found = await Git.find(workspace.folder);
  if (!found) throw new Error('the workspace is a repository');
  git = found;
});
afterEach(() => workspace.remove());

function makeTree(entries: readonly string[]): string {
  const input = entries.map((entry) => `${entry}\n`).join('');
  return execFileSync('git', ['mktree'], { cwd: workspace.folder, input, encoding: 'utf8' }).trim();
}

describe('the files of a tree', () => {
  it('are those below it, but for what is no part of a model', async () => {
    workspace.write('m/config.json', '{}');
    workspace.write('m/sub/weights.bin', 'x');
    workspace.write('m/.cache/file', 'x');
    workspace.commit('a model');
    const tree = workspace.git('rev-parse', 'HEAD:m');
    const files = await treeFiles(git, asBlob(tree));
    expect(files?.map(({ path }) => path).sort()).toEqual(['config.json', 'sub/weights.bin']);
  });

  it('are not looked for in trees that have others in them again and again without an end', async () => {
    let tree = makeTree([]);
    const names = Array.from({ length: 10 }, (_, index) => `folder${index}`);
    for (let depth = 0; depth < 20; depth++)
      tree = makeTree(names.map((name) => `040000 tree ${tree}\t${name}`));
    expect(await treeFiles(git, asBlob(tree))).toBeUndefined();
  });
});
