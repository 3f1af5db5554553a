import { randomBytes } from 'node:crypto';
import { beforeEach, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { safetensorsOf } from './models.ts';
import { trails, workspace, write } from './trails.ts';

// A directory that is one model, of which each training changes the head alone.

export const model = 'bert';
export const weights = `${model}/model.safetensors`;
export const frozen = `${model}/encoder.safetensors`;
export const mebibyte = 2 ** 20;

export const net = (tensor: Uint8Array): Uint8Array => safetensorsOf({ tensor }, 'F32');

beforeEach(() => {
  write(frozen, net(randomBytes(4 * mebibyte)));
});

/** Writes a model of which only the head is new, and records it. @returns its version, and the content of its head */
export async function recorded(trail: Trail, step: number): Promise<{ version: string; head: string }> {
  write(`${model}/config.json`, JSON.stringify({ step }));
  const head = write(weights, net(randomBytes(mebibyte)));
  const { version } = await trail.record({ model, message: `step ${step}` }, unattended);
  return { version: version.id, head };
}

/** What a process sees that has read nothing before. */
export async function reopened(): Promise<Trail> {
  await Promise.all(trails.splice(0).map((trail) => trail.close()));
  vi.resetModules();
  const fresh = await import('../../src/trail/trail.ts');
  const trail = await fresh.openTrail(workspace.folder, defaultSettings);
  trails.push(trail);
  await trail.refresh(unattended);
  return trail;
}
