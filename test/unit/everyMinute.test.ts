import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { everyMinute } from '../../src/editor/everyMinute.ts';

vi.mock('vscode', () => ({
  Disposable: {
    from: (...all: readonly vscode.Disposable[]) => ({
      dispose: () => all.forEach((one) => one.dispose()),
    }),
  },
}));

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const minutes = (count: number) => vi.advanceTimersByTime(count * 60_000);

it('has the rows of a view looked at every minute while it is visible, and when it comes back', () => {
  let tell: (event: vscode.TreeViewVisibilityChangeEvent) => void = () => {};
  const onDidChangeVisibility: vscode.Event<vscode.TreeViewVisibilityChangeEvent> = (listener) => {
    tell = listener;
    return { dispose: () => (tell = () => {}) };
  };
  const look = vi.fn();
  const looks = () => look.mock.calls.splice(0).length;
  const watching = everyMinute({ visible: false, onDidChangeVisibility }, look);
  minutes(3);
  tell({ visible: true });
  expect(looks()).toBe(0);
  minutes(3);
  expect(looks()).toBe(3);
  tell({ visible: false });
  minutes(3);
  expect(looks()).toBe(0);
  tell({ visible: true });
  expect(looks()).toBe(1);
  minutes(2);
  expect(looks()).toBe(2);
  watching.dispose();
  minutes(3);
  expect(looks()).toBe(0);
});
