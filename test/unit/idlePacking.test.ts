import { utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Progress, unattended } from '../../src/core/operation.ts';
import type { PackReport } from '../../src/trail/api/store.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { EngineClient, type TrailHandle } from '../../src/engine/client.ts';
import { IdlePacking } from '../../src/engine/idlePacking.ts';
import { safetensorsOf } from '../support/models.ts';
import { noisy, weights } from '../support/weights.ts';
import { engineProgram } from '../support/engineProcesses.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

// Windows as the editor has them: each an engine in a process of its own, which packs when it is idle.

const model = 'net.safetensors';

interface Round {
  readonly progress: Progress[];
  /** How much of its progress was seen when it was stopped. */
  seenWhenStopped?: number;
  readonly result: Promise<PackReport | 'cancelled' | 'refused'>;
}

interface Window {
  readonly trail: TrailHandle;
  readonly packing: IdlePacking;
  readonly rounds: Round[];
  readonly errors: unknown[];
  close(): Promise<void>;
}

let workspace: Workspace;
const windows: Window[] = [];
beforeEach(() => (workspace = makeWorkspace()));
afterEach(async () => {
  await Promise.all(windows.splice(0).map((window) => window.close()));
  workspace.remove();
});

async function openWindow(onProgress: (window: Window) => void = () => {}): Promise<Window> {
  const rounds: Round[] = [];
  const errors: unknown[] = [];
  const client = new EngineClient({
    program: engineProgram,
    onDidChange() {},
    onLog() {},
    onCall: ({ root, method, answer }) => packing.called(root, method, answer),
  });
  const trail = await client.openTrail(workspace.folder, defaultSettings);
  const packing = new IdlePacking({
    quietMs: 20,
    onError: (error) => void errors.push(error),
    pack(_root, signal) {
      const progress: Progress[] = [];
      const report = (at: Progress): void => {
        progress.push(at);
        onProgress(window);
      };
      const result = trail.pack({ signal, report });
      const round: Round = {
        progress,
        result: result.catch((error: unknown) => (error as { code: 'cancelled' | 'refused' }).code),
      };
      signal.addEventListener('abort', () => (round.seenWhenStopped = progress.length));
      rounds.push(round);
      return result;
    },
  });
  const close = async (): Promise<void> => {
    packing.dispose();
    await client.dispose();
  };
  const window: Window = { trail, packing, rounds, errors, close };
  windows.push(window);
  return window;
}

async function recordTwo({ trail }: Window, bytes = 4 << 20): Promise<void> {
  const tensors = weights('BF16', bytes);
  for (const content of [tensors, noisy('BF16', tensors, 1e-3)]) {
    train(safetensorsOf({ a: content }, 'BF16'));
    await trail.record({ model }, unattended);
  }
}

function train(content: Uint8Array): void {
  workspace.write(model, content);
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(path.join(workspace.folder, model), earlier, earlier);
}

/** The first round that was not stopped. */
const finished = ({ rounds }: Window): Promise<PackReport> =>
  vi.waitFor(
    async () => {
      const results = await Promise.all(rounds.map(({ result }) => result));
      const report = results.find((result) => typeof result === 'object');
      if (!report) throw new Error('still packing');
      return report;
    },
    { timeout: 30_000 },
  );

describe('packing when nothing else is done', { timeout: 60_000 }, () => {
  it('makes what was recorded small, without being asked', async () => {
    const window = await openWindow();
    window.packing.setTrails([window.trail.root]);
    await recordTwo(window);
    const { before, after } = await finished(window);
    expect(after).toBeLessThan(before * 0.7);
    expect(await window.trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
    expect(window.errors).toEqual([]);
  });

  it('stops within a block when the user does something, and goes on afterwards', async () => {
    let answer: Promise<unknown> | undefined;
    const window = await openWindow(({ trail }) => {
      answer ??= trail.manifest({ model }, unattended);
    });
    await recordTwo(window, 8 << 20);
    window.packing.setTrails([window.trail.root]);
    const { after } = await finished(window);
    await answer;
    const [stopped] = window.rounds;
    expect(await stopped?.result).toBe('cancelled');
    expect(stopped?.progress.length).toBeLessThanOrEqual((stopped?.seenWhenStopped ?? 0) + 1);
    expect(after).toBeLessThan(16 * 2 ** 20 * 0.7);
  });

  it('is not held up by questions that need no contents', async () => {
    let asked: Promise<unknown> | undefined;
    const window = await openWindow(({ trail }) => {
      asked ??= Promise.all([trail.models(), trail.info(), trail.activity({ offset: 0, limit: 1 })]);
    });
    await recordTwo(window);
    window.packing.setTrails([window.trail.root]);
    await finished(window);
    await asked;
    expect(window.rounds).toHaveLength(1);
  });

  it('is done by one of two windows at a time, and by both in the end', async () => {
    const [one, other] = [await openWindow(), await openWindow()];
    await recordTwo(one, 8 << 20);
    let running = 0;
    let most = 0;
    for (const window of [one, other]) {
      const pack = window.trail.pack.bind(window.trail);
      Object.assign(window.trail, {
        pack: async (...args: Parameters<typeof pack>) => {
          let counted = false;
          const [operation] = args;
          const report = (progress: Progress): void => {
            if (!counted) most = Math.max(most, ++running);
            counted = true;
            operation.report(progress);
          };
          return pack({ ...operation, report }).finally(() => {
            if (counted) running--;
          });
        },
      });
      window.packing.setTrails([window.trail.root]);
    }
    await Promise.all([finished(one), finished(other)]);
    expect(most).toBe(1);
    expect(await other.trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });
});
