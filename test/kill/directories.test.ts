import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { directoryFiles, listingId } from '../../src/files/directory.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';
import { startChild } from './child.ts';
import { roundsOr } from './rounds.ts';

const script = path.join(import.meta.dirname, 'directoryChild.ts');
const rounds = roundsOr(30);
const momentMs = 60;
/** So many files and directories, at the most: its marker, what the trail remembers, the old directory, the new one, the old one again. */
const renamesOfRollback = 7;

let workspace: Workspace;

beforeEach(() => {
  workspace = makeWorkspace();
});

afterEach(() => workspace.remove());

async function identityOf(folder: string): Promise<string> {
  const files = await directoryFiles(folder);
  return listingId(
    files.map(({ path: name, stamp }) => {
      return { path: name, size: stamp.size, id: sha256(readFileSync(path.join(folder, name))) };
    }),
  );
}

it(
  `has a whole directory in place, after being killed ${rounds} times while recording and rolling back`,
  { timeout: 60_000 + rounds * 20_000 },
  async () => {
    const trained = new Set<string>();
    const recorded = new Set<string>();
    const model = path.join(workspace.folder, 'bert');
    let interrupted = 0;
    for (let round = 1; round <= rounds; round++) {
      // At any moment, and in turn before each rename: between two of them is too short a time to be hit on some machines.
      const isAtRandom = round % 2 === 0;
      const renames = isAtRandom ? [] : [String(((round - 1) / 2) % renamesOfRollback)];
      const child = startChild(script, workspace.folder, ...renames);
      if (isAtRandom) await child.killAfter(3 + randomInt(8), momentMs);
      else await expect(child.done).rejects.toThrow('SIGKILL');
      let wasThere = false;
      for (const line of child.lines) {
        const [what, id = ''] = line.split(' ');
        if (what === 'training') trained.add(id);
        if (what === 'recorded') recorded.add(id);
        wasThere = what === 'recorded' || what === 'restored';
      }
      const left = readdirSync(workspace.folder).filter((name) => name.includes('modeltrail-tmp'));
      interrupted += left.filter((name) => existsSync(path.join(workspace.folder, name, 'name'))).length;
      const trail = await openTrail(workspace.folder, defaultSettings);
      try {
        await trail.refresh(unattended);
        // A trainer may have been killed between taking the old one away and bringing the new one.
        if (wasThere) expect(existsSync(model), `no model after round ${round}`).toBe(true);
        if (existsSync(model)) {
          expect(trained, `half a model after round ${round}`).toContain(await identityOf(model));
          expect(readFileSync(path.join(model, '.hidden'), 'utf8')).toBe('no part of the model');
        }
        expect((await trail.info()).problems).toEqual([]);
        const { versions } = await trail.versions('bert', { offset: 0, limit: 10_000 });
        expect(versions.map(({ id }) => id)).toEqual(expect.arrayContaining([...recorded]));
        // One that has not even a name yet may be of another machine, and is left alone for an hour.
        const leftovers = readdirSync(workspace.folder).filter((name) => name.includes('modeltrail-tmp'));
        for (const left of leftovers) {
          const inside = readdirSync(path.join(workspace.folder, left));
          expect(inside.filter((name) => !name.startsWith('.name.'))).toEqual([]);
        }
        if (round % 10 === 0) expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
      } finally {
        await trail.close();
      }
    }
    // Else no one was killed at a moment that matters.
    expect(interrupted).toBeGreaterThan(0);
  },
);
