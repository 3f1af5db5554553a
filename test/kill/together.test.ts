import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { roundsOr } from './rounds.ts';

const child = path.join(import.meta.dirname, 'engineChild.ts');
const rounds = roundsOr(50);

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(() => workspace.remove());

function start(name: string): ChildProcess {
  const args = [child, workspace.folder, 'rounds', name];
  return spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] });
}

it(
  `lets four processes record and tag at once, ${rounds} rounds`,
  { timeout: 60_000 + rounds * 30_000 },
  async () => {
    const names = ['one', 'two', 'three', 'four'];
    workspace.write('shared.pt', 'shared');
    const processes = names.map((name) => start(name));
    const answers = processes.map((running) =>
      createInterface({ input: running.stdout! })[Symbol.asyncIterator](),
    );
    const expected = new Map(names.map((name) => [name, new Map<string, string>()]));
    for (let round = 1; round <= rounds; round++) {
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
    await withTrail(workspace.folder, async (trail) => {
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
  },
);
