import { readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import type { TrailOptions } from '../../src/trail/opening.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { makeWorkspace, safetensors, type Workspace } from './workspace.ts';

// Trails on a folder of their own, and a folder elsewhere, for each test of whoever imports this.

export const model = 'net.safetensors';

export let workspace: Workspace;
export let elsewhere: Workspace;
export const trails: Trail[] = [];
beforeEach(() => {
  workspace = makeWorkspace();
  elsewhere = makeWorkspace({ git: false });
});
afterEach(async () => {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  workspace.remove();
  elsewhere.remove();
});

interface Opening extends TrailOptions {
  readonly folder?: string;
  readonly storePath?: string;
  readonly trusted?: boolean;
}

export async function open({
  folder = workspace.folder,
  storePath,
  trusted = true,
  ...options
}: Opening = {}): Promise<Trail> {
  const trail = await openTrail(folder, { ...defaultSettings, storePath, trusted }, options);
  trails.push(trail);
  return trail;
}

let written = 0;

/** Writes a file so that it looks finished, some seconds after the one before: Git compares times by the second. */
export function write(name: string, content: string | Uint8Array, within = workspace): string {
  const id = within.write(name, content);
  const earlier = new Date(Date.now() - 600_000 + ++written * 2000);
  utimesSync(path.join(within.folder, name), earlier, earlier);
  return id;
}

export function train(content: Uint8Array = safetensors(50_000), name = model, within = workspace): string {
  return write(name, content, within);
}

export async function record(
  trail: Trail,
  content?: Uint8Array,
  name = model,
  within = workspace,
): Promise<string> {
  train(content, name, within);
  return (await trail.record({ model: name }, unattended)).version.id;
}

/** A content that two worktrees have recorded, each under its own trail. */
export async function recordedInWorktrees() {
  const trail = await open();
  const id = await record(trail);
  workspace.commit('first');
  const tree = path.join(elsewhere.folder, 'tree');
  workspace.git('worktree', 'add', '--quiet', tree);
  const other = await open({ folder: tree });
  await other.record({ model }, unattended);
  return { trail, other, tree, id };
}

export const store = (): string => path.join(workspace.folder, '.git/modeltrail');

/** A TrailError. */
export const code = (expected: string) => expect.objectContaining({ code: expected });

/** As if nobody had touched the packs for two hours. */
export function age(folder = store()): void {
  const then = new Date(Date.now() - 7_200_000);
  for (const name of readdirSync(path.join(folder, 'packs')))
    utimesSync(path.join(folder, 'packs', name), then, then);
}

export async function versionsOf(trail: Trail, name = model) {
  return (await trail.versions(name, { offset: 0, limit: 100 })).versions;
}
