import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { Trail } from '../../src/trail/trail.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

const child = path.join(import.meta.dirname, 'engineChild.ts');
const killRounds = 200;
const sharedRounds = 200;
/** A process may finish up to this many operations, and is killed at some moment of the next. */
const mostFinished = 4;
const momentMs = 40;

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(() => workspace.remove());

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [child, workspace.folder, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
}

async function reading<T>(work: (trail: Trail) => Promise<T>): Promise<T> {
  const trail = await Trail.open(workspace.folder, defaultSettings);
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}

it(
  `loses nothing when it is killed ${killRounds} times while recording and rolling back`,
  { timeout: 1_200_000 },
  async () => {
    const trained = new Set<string>();
    const durable = new Set<string>();
    // The next process starts up while the one before is at work.
    let next = start('storm');
    for (let round = 1; round <= killRounds; round++) {
      const running = next;
      next = start('storm');
      let output = '';
      const closed = once(running, 'close');
      const finished = randomInt(mostFinished);
      await new Promise<void>((reached) => {
        running.stdout?.on('data', (chunk: Buffer) => {
          if (output === '') running.stdin?.write('go\n');
          output += chunk.toString();
          if (output.split('\ndone ').length > finished) reached();
        });
      });
      await delay(randomInt(momentMs));
      running.kill('SIGKILL');
      await closed;
      for (const line of output.split('\n').slice(1, -1)) {
        const [what, id = ''] = line.split(' ');
        (what === 'done' ? durable : trained).add(id);
      }
      if (existsSync(path.join(workspace.folder, 'model.pt'))) {
        expect(trained, `half a model file after round ${round}`).toContain(
          sha256(workspace.read('model.pt')),
        );
      }
      if (round % 20 > 0) continue;
      await reading(async (trail) => {
        expect(await trail.info()).toMatchObject({ problems: [] });
        expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
        const { versions } = await trail.versions('model.pt', { offset: 0, limit: 10_000 });
        expect(versions.map(({ id }) => id)).toEqual(expect.arrayContaining([...durable]));
        const numbers = versions.map(({ number }) => number);
        expect(new Set(numbers).size).toBe(numbers.length);
      });
    }
    next.kill('SIGKILL');
    // Too few would mean that the processes never came to their work.
    expect(durable.size).toBeGreaterThan(killRounds / 4);
  },
);

it(`lets two processes record and tag at once, ${sharedRounds} rounds`, { timeout: 1_200_000 }, async () => {
  const names = ['one', 'two'];
  workspace.write('shared.pt', 'shared');
  const processes = names.map((name) => start('rounds', name));
  const answers = processes.map((running) =>
    createInterface({ input: running.stdout! })[Symbol.asyncIterator](),
  );
  const expected = new Map(names.map((name) => [name, new Map<string, string>()]));
  for (let round = 1; round <= sharedRounds; round++) {
    workspace.write('shared.pt', `shared ${Math.floor(round / 10)}`);
    for (const running of processes) running.stdin?.write(`${round}\n`);
    for (const [index, name] of names.entries()) {
      for (;;) {
        const { value, done } = await answers[index]!.next();
        if (done) throw new Error(`${name} stopped in round ${round}`);
        const [what, , id = ''] = String(value).split(' ');
        if (what !== 'round') continue;
        expected.get(name)?.set(`${name}-${round}`, id);
        break;
      }
    }
  }
  const closed = processes.map((running) => once(running, 'close'));
  for (const running of processes) running.stdin?.end();
  await Promise.all(closed);
  await reading(async (trail) => {
    expect(await trail.info()).toMatchObject({ problems: [] });
    expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
    for (const name of names) {
      const { versions } = await trail.versions(`${name}.pt`, { offset: 0, limit: 10_000 });
      const tags = new Map(versions.flatMap(({ id, tags: own }) => own.map((tag) => [tag, id])));
      expect(tags).toEqual(expected.get(name));
      expect(versions.map(({ number }) => number).sort((a, b) => a! - b!)).toEqual(
        versions.map((_, index) => index + 1),
      );
    }
    const shared = await trail.versions('shared.pt', { offset: 0, limit: 10_000 });
    expect(shared.versions.map(({ number }) => number).sort((a, b) => a! - b!)).toEqual(
      shared.versions.map((_, index) => index + 1),
    );
    expect(shared.versions.filter(({ tags }) => tags.includes('latest'))).toHaveLength(1);
  });
  const leftovers = readdirSync(workspace.folder).filter((name) => name.includes('modeltrail-tmp'));
  expect(leftovers).toEqual([]);
});
