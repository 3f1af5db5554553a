import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';
import { roundsOr } from './rounds.ts';

const child = path.join(import.meta.dirname, 'engineChild.ts');
const rounds = roundsOr(100);
/** A process may finish up to this many operations, and is killed at some moment of the next. */
const mostFinished = 4;
const momentMs = 40;

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(() => workspace.remove());

function start(): ChildProcess {
  return spawn(process.execPath, [child, workspace.folder, 'storm'], { stdio: ['pipe', 'pipe', 'inherit'] });
}

it(
  `loses nothing when it is killed ${rounds} times while recording and rolling back`,
  { timeout: 60_000 + rounds * 20_000 },
  async () => {
    const trained = new Set<string>();
    const durable = new Set<string>();
    // The next process starts up while the one before is at work.
    let next = start();
    for (let round = 1; round <= rounds; round++) {
      const running = next;
      next = start();
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
      await withTrail(workspace.folder, async (trail) => {
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
    expect(durable.size).toBeGreaterThan(rounds / 4);
  },
);
