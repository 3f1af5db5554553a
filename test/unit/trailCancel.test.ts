import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Operation, type Progress, unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';
import { safetensorsOf } from '../support/models.ts';
import { noisy, weights } from '../support/weights.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

// What is cancelled must be over within a tenth of a second on any disk: so no more than one piece of work may follow, and here it is
// counted what does.

const model = 'net.safetensors';
const size = 24 << 20;
/** Bytes that may be worked on when it is noticed: a window of a content that is read. */
const mostAfter = 4 << 20;

let workspace: Workspace;
let elsewhere: Workspace;
let trail: Trail;
beforeEach(async () => {
  workspace = makeWorkspace();
  elsewhere = makeWorkspace({ git: false });
  trail = await openTrail(workspace.folder, defaultSettings);
});
afterEach(async () => {
  await trail.close();
  workspace.remove();
  elsewhere.remove();
});

function train(content: Uint8Array, name = model): string {
  const id = workspace.write(name, content);
  const earlier = new Date(Date.now() - 60_000);
  utimesSync(path.join(workspace.folder, name), earlier, earlier);
  return id;
}

async function record(content: Uint8Array): Promise<string> {
  train(content);
  return (await trail.record({ model }, unattended)).version.id;
}

const store = (): string => path.join(workspace.folder, '.git/modeltrail');
const temporaries = (): readonly string[] => readdirSync(path.join(store(), 'tmp'));

interface Cancelled {
  readonly code: unknown;
  /** Of progress after it was cancelled, in bytes. */
  readonly bytesAfter: number;
  readonly reportsAfter: number;
}

/** Cancels work at its third sign of life, in the midst of it. */
async function cancel(work: (operation: Operation) => Promise<unknown>): Promise<Cancelled> {
  const controller = new AbortController();
  const seen: Progress[] = [];
  const operation: Operation = {
    signal: controller.signal,
    report(progress) {
      seen.push(progress);
      if (seen.length < 3 || controller.signal.aborted) return;
      controller.abort();
    },
  };
  const code = await work(operation).then(
    () => 'done',
    (error: unknown) => (error as { code?: unknown }).code ?? error,
  );
  const after = seen.slice(3);
  const bytesAfter = (after.at(-1)?.done ?? 0) - (after.length > 0 ? (seen[2]?.done ?? 0) : 0);
  return { code, bytesAfter, reportsAfter: after.length };
}

function expectPrompt({ code, bytesAfter, reportsAfter }: Cancelled): void {
  expect(code).toBe('cancelled');
  expect(reportsAfter).toBeLessThanOrEqual(1);
  expect(bytesAfter).toBeLessThanOrEqual(mostAfter);
}

describe('cancelling', () => {
  it('a recording leaves nothing behind', async () => {
    train(randomBytes(size));
    expectPrompt(await cancel((operation) => trail.record({ model }, operation)));
    expect(temporaries()).toEqual([]);
    expect((await trail.versions(model, { offset: 0, limit: 1 })).total).toBe(0);
  });

  it('a rollback leaves the file as it was, and keeps what it had recorded first', async () => {
    const first = await record(randomBytes(size));
    const trained = train(randomBytes(1000));
    expectPrompt(await cancel((operation) => trail.rollback({ model, version: first }, operation)));
    expect(sha256(workspace.read(model))).toBe(trained);
    expect(readdirSync(workspace.folder).filter((name) => name.endsWith('modeltrail-tmp'))).toEqual([]);
  });

  it('verifying', async () => {
    await record(randomBytes(size));
    expectPrompt(await cancel((operation) => trail.verify({}, operation)));
  });

  it('packing, which goes on the next time', async () => {
    const tensors = weights('BF16', size / 2);
    await record(safetensorsOf({ a: tensors }, 'BF16'));
    await record(safetensorsOf({ a: noisy('BF16', tensors, 1e-3) }, 'BF16'));
    expectPrompt(await cancel((operation) => trail.pack(operation)));
    expect(temporaries()).toEqual([]);
    const { before, after } = await trail.pack(unattended);
    expect(after).toBeLessThan(before * 0.6);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('freeing space', async () => {
    const shared = randomBytes(size);
    const first = await record(Buffer.concat([randomBytes(3 * size), shared]));
    await record(Buffer.concat([shared, randomBytes(100)]));
    await trail.forget([{ model, version: first }], unattended);
    const then = new Date(Date.now() - 7_200_000);
    const packs = path.join(store(), 'packs');
    for (const name of readdirSync(packs)) utimesSync(path.join(packs, name), then, then);
    expectPrompt(await cancel((operation) => trail.collectGarbage(operation)));
    expect(temporaries()).toEqual([]);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('moving the store, which stays where it is', async () => {
    await record(randomBytes(size));
    const to = path.join(elsewhere.folder, 'store');
    expectPrompt(await cancel((operation) => trail.moveStore(to, operation)));
    expect((await trail.info()).store).toBe(store());
    expect(existsSync(path.join(store(), 'location'))).toBe(false);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 1, problems: [] });
  });

  it('a change that waits for another one to end does not wait with it', async () => {
    train(randomBytes(size));
    const waiting = new AbortController();
    let cancelled: Promise<unknown> | undefined;
    let firstIsDone = false;
    const first = trail.record(
      { model },
      {
        ...unattended,
        report() {
          if (cancelled) return;
          const operation = { ...unattended, signal: waiting.signal };
          cancelled = trail.record({ model }, operation).catch((error: unknown) => {
            expect(firstIsDone).toBe(false);
            return (error as { code?: unknown }).code;
          });
          waiting.abort();
        },
      },
    );
    await first.finally(() => (firstIsDone = true));
    expect(await cancelled).toBe('cancelled');
    expect((await trail.versions(model, { offset: 0, limit: 1 })).total).toBe(1);
  });
});
