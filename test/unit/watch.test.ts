import { afterEach, expect, it, vi } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { unattended } from '../../src/core/operation.ts';
import type { OpenTrail } from '../../src/editor/openTrail.ts';
import type { Trails, TrailsEvent } from '../../src/editor/trails.ts';
import { Watch } from '../../src/editor/watch.ts';
import { open, write } from '../support/trails.ts';

// The editor with a disk of which no watcher ever tells: what it was asked to watch is all there is to see.

const watched: string[] = [];
afterEach(() => void watched.splice(0));

vi.mock('vscode', async () => {
  const fake = await import('../screens/fakeVscode.ts');
  const listen = () => ({ dispose() {} });
  class Disposable {
    static from = (...all: readonly { dispose(): void }[]) => ({
      dispose: () => all.forEach((one) => one.dispose()),
    });
    readonly dispose: () => void;
    constructor(dispose: () => void) {
      this.dispose = dispose;
    }
  }
  class RelativePattern {
    readonly text: string;
    constructor(base: string, pattern: string) {
      this.text = `${base} ${pattern}`;
    }
  }
  return {
    ...fake,
    Disposable,
    RelativePattern,
    workspace: {
      isTrusted: false,
      createFileSystemWatcher({ text }: RelativePattern) {
        watched.push(text);
        return { onDidChange: listen, onDidCreate: listen, onDidDelete: listen, dispose() {} };
      },
    },
    window: {
      onDidChangeWindowState: listen,
      withProgress: (_options: unknown, work: (bar: unknown, token: unknown) => unknown) =>
        work({ report() {} }, { onCancellationRequested: listen }),
    },
  };
});

interface Told {
  opened?: (trails: readonly OpenTrail[]) => void;
  changed?: (event: TrailsEvent) => void;
}

it('a model directory that only Refresh found is watched from then on', async () => {
  const api = await open();
  const models = vi.fn(() => api.models());
  const trail = { api, root: api.root, base: {}, settings: {}, models, uri: (model: string) => model };
  const told: Told = {};
  const trails = {
    onDidOpen: (listener: Told['opened']) => void (told.opened = listener),
    onDidChange: (listener: Told['changed']) => void (told.changed = listener),
    followFolders: async () => false,
  };
  const log = { error: (message: string) => expect.fail(message) };
  void new Watch(trails as unknown as Trails, log as unknown as LogOutputChannel);
  told.opened?.([trail as unknown as OpenTrail]);
  // For the first rows, and for the directories among them.
  await expect.poll(() => models.mock.calls.length).toBe(2);
  write('saved/MLmodel', 'flavors: {}\n');
  write('saved/weights.txt', '0.5\n');
  await api.refresh(unattended);
  told.changed?.({ trail: trail as unknown as OpenTrail, change: 'models' });
  await expect.poll(() => watched).toContain('saved **');
});
