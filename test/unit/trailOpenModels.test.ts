import { readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { withTrail } from '../support/openedTrail.ts';
import { safetensorsOf } from '../support/models.ts';
import { makeWorkspace } from '../support/workspace.ts';

/** How often this process has a file open. */
function openHandles(file: string): number {
  const targets = readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
  return targets.filter((target) => target === file).length;
}

it.runIf(process.platform === 'linux').each([0, 1, 2])(
  'leaves no file open when one of three who wait for it gives up (%i)',
  async (place) => {
    const workspace = makeWorkspace({ git: false });
    const model = 'net.safetensors';
    const file = path.join(workspace.folder, model);
    try {
      workspace.write(model, safetensorsOf({ w: new Uint8Array(400) }, 'F32'));
      await withTrail(workspace.folder, async (trail) => {
        await trail.refresh(unattended);
        const one = new AbortController();
        const given = { signal: one.signal, report: (): void => {} };
        const operations = [unattended, unattended, unattended].with(place, given);
        const asked = operations.map((operation) => trail.inspect({ model }, operation));
        one.abort();
        const answers = await Promise.allSettled(asked);
        const expected = ['fulfilled', 'fulfilled', 'fulfilled'].with(place, 'rejected');
        expect(answers.map(({ status }) => status)).toEqual(expected);
      });
      expect(openHandles(file)).toBe(0);
    } finally {
      workspace.remove();
    }
  },
);
