import { mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { beforeEach } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { model, open, record, versionsOf, workspace } from './trails.ts';
import { safetensors } from './workspace.ts';

// A model that Git ignores, and whose file somebody moves, in the workspace of `trails.ts`.

beforeEach(() => {
  workspace.write('.gitignore', '*.safetensors\n');
  workspace.commit('begin');
});

export const moved = 'models/best.safetensors';

export function mv(from = model, to = moved): void {
  const target = path.join(workspace.folder, to);
  mkdirSync(path.dirname(target), { recursive: true });
  renameSync(path.join(workspace.folder, from), target);
}

/** Of each version its number, tags and stage. */
export async function told(trail: Trail, name: string) {
  const versions = await versionsOf(trail, name);
  return versions.map(({ number, tags, stage }) => [number, ...tags, stage].filter(Boolean).join(' '));
}

export const rename = async (trail: Trail, from = model, to = moved) => {
  await trail.refresh(unattended);
  return trail.rename(from, to, unattended);
};
export const names = async (trail: Trail) => (await trail.models()).map((row) => row.path);

/** A model that Git ignores, with two versions, the first tagged and in a stage. */
export async function ignoredModel() {
  const trail = await open();
  const content = safetensors(50_000);
  const first = await record(trail, content);
  await trail.tag({ model, version: first }, 'champion', false);
  await trail.stage({ model, version: first }, 'production');
  const second = await record(trail);
  return { trail, content, first, second };
}
