import { mkdirSync } from 'node:fs';
import { rmdir } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { maintain } from '../../src/store/maintenance.ts';
import { at, store } from '../support/contentStore.ts';

it('a folder that is removed while somebody waits for his turn in it is no store any more', async () => {
  const rounds = new AbortController();
  const removing = (async () => {
    while (!rounds.signal.aborted) await rmdir(at('store')).catch(() => {});
  })();
  for (let round = 0; round < 300; round++) {
    mkdirSync(at('store'), { recursive: true });
    await expect(maintain(store, unattended, async () => {})).resolves.toBe(undefined);
  }
  rounds.abort();
  await removing;
});
