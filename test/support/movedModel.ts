import { unattended } from '../../src/core/operation.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { model, open, record, train, workspace } from './trails.ts';
import { safetensors } from './workspace.ts';

export const moved = 'old.safetensors';

/** A model with two recorded versions, the second tagged and the first not in Git, that was moved to make place; nor is the journal. */
export async function movedModel(): Promise<{
  trail: Trail;
  first: string;
  second: string;
  content: Uint8Array;
}> {
  workspace.write('.gitignore', '.modeltrail\n');
  workspace.commit('begin');
  const trail = await open();
  const content = safetensors(50_000);
  const first = await record(trail, content);
  const second = await record(trail);
  await trail.tag({ model, version: second }, 'champion', false);
  workspace.commit('second');
  await move(trail);
  return { trail, first, second, content };
}

export async function move(trail: Trail, from = model, to = moved): Promise<void> {
  workspace.git('mv', from, to);
  workspace.git('commit', '--quiet', '--message', `${from} is ${to} now`);
  await trail.refresh(unattended);
}

export async function comeBack(trail: Trail, content?: Uint8Array): Promise<string> {
  const id = train(content);
  await trail.refresh(unattended);
  return id;
}
