import { beforeEach, expect, it, vi } from 'vitest';
import { cancelled, type Progress } from '../../src/core/operation.ts';
import { TrailError } from '../../src/core/errors.ts';
import type { ModelRef } from '../../src/editor/openTrail.ts';
import { runEach } from '../../src/editor/runEach.ts';

/** The progress that shows, and its Cancel. */
const shown = vi.hoisted(() => ({ messages: [] as string[], bars: 0, cancel: (): void => {} }));

vi.mock('vscode', async () => ({
  ...(await import('../screens/fakeVscode.ts')),
  ProgressLocation: {},
  window: {
    withProgress: async (
      _options: unknown,
      task: (bar: unknown, token: unknown) => Promise<unknown>,
    ): Promise<void> => {
      shown.bars++;
      const bar = { report: ({ message }: { message: string }) => shown.messages.push(message) };
      await task(bar, { onCancellationRequested: (listener: () => void) => (shown.cancel = listener) });
    },
  },
}));

beforeEach(() => {
  Object.assign(shown, { messages: [], bars: 0 });
});

const models = ['a', 'b', 'c'].map((path) => ({ path }) as unknown as ModelRef);
const size = async (): Promise<number> => 1024;

/** A model is read until it is told to be done, so that its progress shows. */
function reading() {
  const asked: string[] = [];
  const ends: (() => void)[] = [];
  const done: string[] = [];
  const running = runEach(
    'Reading',
    models,
    ({ path }, { signal, report }) => {
      asked.push(path);
      report({ label: path, done: 512, total: 1024 } satisfies Progress);
      return new Promise((resolve, reject) => {
        ends.push(() => resolve(void done.push(path)));
        signal.addEventListener('abort', () => reject(cancelled()));
      });
    },
    size,
  );
  return { asked, done, running, end: () => ends.shift()?.() };
}

it('shows one progress for all, with how many are done and how many bytes', async () => {
  const { asked, done, running, end } = reading();
  for (const last of ['a', 'b', 'c']) {
    await vi.waitFor(() => expect(asked.at(-1)).toBe(last));
    if (last === 'a') await vi.waitFor(() => expect(shown.bars).toBe(1));
    end();
  }
  await running;
  expect(done).toEqual(['a', 'b', 'c']);
  expect(shown.bars).toBe(1);
  expect(shown.messages).toContain('1 of 3, a (512 B of 3 KB)');
  expect(shown.messages).toContain('3 of 3, c (2.5 KB of 3 KB)');
});

it('does not begin the rest when it is cancelled', async () => {
  const { asked, done, running, end } = reading();
  await vi.waitFor(() => expect(shown.bars).toBe(1));
  end();
  await vi.waitFor(() => expect(asked).toEqual(['a', 'b']));
  shown.cancel();
  await running;
  expect([asked, done]).toEqual([['a', 'b'], ['a']]);
});

it('does the others where one fails, and says why at the end', async () => {
  const done: string[] = [];
  const failing = (...broken: string[]) =>
    runEach('Reading', models, async ({ path }) => {
      if (broken.includes(path)) throw new TrailError('refused', `${path} is only a pointer.`);
      done.push(path);
    });
  await expect(failing('a')).rejects.toThrow(/^a is only a pointer\.$/);
  expect(done).toEqual(['b', 'c']);
  await expect(failing('a', 'c')).rejects.toThrow('a is only a pointer. There is one more problem.');
});
