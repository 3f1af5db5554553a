import { afterEach, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { open, train } from '../support/trails.ts';

afterEach(() => void vi.useRealTimers());

it('a trail that is closed while it is refreshed leaves nothing behind that would ask its index later', async () => {
  train();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const trail = await open();
  const refreshing = trail.refresh(unattended);
  await trail.close();
  await refreshing;
  expect(vi.getTimerCount()).toBe(0);
});
