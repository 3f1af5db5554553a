import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { ModelNode } from '../../src/editor/nodes.ts';
import type { Trails } from '../../src/editor/trails.ts';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { commands } from '../screens/fakeVscode.ts';
import { makeWorkspace, safetensors, type Workspace } from '../support/workspace.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));
const { summaryOf } = await import('../../src/editor/modelsSummary.ts');
const execute = vi.spyOn(commands, 'executeCommand');

const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

const noGit = 'Not in a Git repository: only recorded versions show.';
const isShallow = 'This clone is shallow: older versions are not here.';

test('one folder: what one has to know of its history, if anything', async () => {
  expect(await said({ here: await opened(committed()) })).toBeUndefined();
  expect(await said({ here: await opened(plain()) })).toBe(noGit);
  expect(await said({ here: await opened(shallow()) })).toBe(isShallow);
});

test('several folders: what holds for one of them names it', async () => {
  const [withHistory, without] = [await opened(committed()), await opened(plain())];
  expect(await said({ withHistory, without })).toBe(`without: ${noGit}`);
  expect(await said({ without, other: await opened(plain()) })).toBe(noGit);
  const both = await said({ without, shallow: await opened(shallow()) });
  expect(both).toBe(`without: ${noGit} shallow: ${isShallow}`);
});

test('where Git refuses the repository it is said why, and of an empty view that it does', async () => {
  const workspace = committed();
  writeFileSync(path.join(workspace.folder, '.git/config'), '[broken');
  const here = await opened(workspace);
  const reason = (await here.info()).problems[0]?.message ?? '';
  expect(reason).toContain('config');
  expect(await said({ here })).toMatch(/^Versions in Git history do not show until .*: /);
  expect(await said({ here })).toContain(reason);
  const other = await opened(plain());
  await said({ other, here });
  expect(execute).toHaveBeenLastCalledWith('setContext', 'modeltrail.git', 'refused');
  await said({ other });
  expect(execute).toHaveBeenLastCalledWith('setContext', 'modeltrail.git', 'none');
});

/** The message over the rows of these folders, by their names. */
async function said(folders: Readonly<Record<string, Trail>>): Promise<string | undefined> {
  const trails = Object.values(folders).map((trail) => ({ api: trail, root: trail.root }));
  const rows = Object.entries(folders).map(async ([name, trail], at) =>
    (await trail.models()).map((row) => ({ row, trail: trails[at], parent: { folder: { name } } })),
  );
  const models = (await Promise.all(rows)).flat() as unknown as ModelNode[];
  return (await summaryOf({ opened: trails } as unknown as Trails, models)).message;
}

async function opened({ folder }: Workspace): Promise<Trail> {
  const trail = await openTrail(folder, defaultSettings);
  undo.push(() => trail.close());
  await trail.refresh(unattended);
  return trail;
}

function plain(options = { git: false }): Workspace {
  const workspace = makeWorkspace(options);
  undo.push(() => workspace.remove());
  workspace.write('m.safetensors', safetensors());
  return workspace;
}

function committed(): Workspace {
  const workspace = plain({ git: true });
  workspace.commit('One');
  return workspace;
}

/** As a clone with `--depth 1` is. */
function shallow(): Workspace {
  const workspace = committed();
  workspace.write('m.safetensors', safetensors());
  const head = workspace.commit('Two');
  writeFileSync(path.join(workspace.folder, '.git/shallow'), `${head}\n`);
  return workspace;
}
