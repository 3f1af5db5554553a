import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { ModelDiff } from '../../src/diff/modelDiff.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineClient, type TrailHandle } from '../../src/engine/client.ts';
import { engineProgram } from '../support/engineProcesses.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

// Two repositories in one window: each side is read where it is kept.

const model = 'net.safetensors';
const bytesOf = (name: string): Buffer =>
  readFileSync(path.join('test/fixtures/diff', `${name}.safetensors`));

let workspaces: readonly [Workspace, Workspace];
let client: EngineClient;
let trails: readonly [TrailHandle, TrailHandle];

beforeEach(async () => {
  workspaces = [makeWorkspace(), makeWorkspace()];
  client = new EngineClient({ program: engineProgram, onDidChange: () => {}, onLog: () => {} });
  const open = async ({ folder }: Workspace): Promise<TrailHandle> => {
    const trail = await client.openTrail(folder, defaultSettings);
    await trail.refresh(unattended);
    return trail;
  };
  workspaces[0].write(model, bytesOf('base'));
  workspaces[1].write(model, bytesOf('tuned'));
  // The one keeps its version itself, the other has it from Git.
  workspaces[1].commit('tuned');
  workspaces[1].write(model, bytesOf('plain'));
  trails = [await open(workspaces[0]), await open(workspaces[1])];
});
afterEach(async () => {
  await client.dispose();
  for (const workspace of workspaces) workspace.remove();
});

async function diffOf(a: { version?: string }, b: { version?: string }): Promise<ModelDiff> {
  const [{ root: rootA }, { root: rootB }] = trails;
  const [sideA, sideB] = [
    { root: rootA, model, ...a },
    { root: rootB, model, ...b },
  ];
  return JSON.parse(await trails[0].diffText(sideA, sideB, unattended)) as ModelDiff;
}

describe('versions of two repositories', () => {
  it('are compared like those of one, also when one is asked for the first time', async () => {
    const { version } = await trails[0].record({ model }, unattended);
    const [committed] = (await trails[1].versions(model, { offset: 0, limit: 1 })).versions;
    const diff = await diffOf({ version: version.id }, { version: committed?.id });
    expect(diff).toMatchObject({
      a: { id: version.id },
      b: { id: committed?.id },
      verdict: { changedTensors: 9 },
      complete: true,
    });
    expect(await diffOf({ version: version.id }, { version: committed?.id })).toEqual(diff);
  });

  it('are compared with the working copy of the other', async () => {
    const [committed] = (await trails[1].versions(model, { offset: 0, limit: 1 })).versions;
    const there = await diffOf({}, { version: committed?.id });
    const files = await diffOf({}, {});
    expect(there.verdict.changedTensors).toBe(9);
    expect(files.verdict.changedTensors).not.toBe(9);
  });

  it('show one pair of tensors in depth', async () => {
    const [{ root }, other] = trails;
    const [committed] = (await other.versions(model, { offset: 0, limit: 1 })).versions;
    const { a, b, difference } = await other.tensorDifference(
      { root, model },
      { model, version: committed?.id },
      { a: 'head.kernel', b: 'head.weight' },
      unattended,
    );
    expect(b?.statistics?.mean).toBeCloseTo((a?.statistics?.mean ?? NaN) + 0.25, 6);
    expect(difference?.maxAbsolute).toBeCloseTo(0.25, 6);
  });

  it('say so when the other one is not open any more', async () => {
    await trails[1].close();
    await expect(diffOf({}, {})).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(workspaces[1].folder),
    });
  });
});
