import { randomInt } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { removeStaleTemps } from '../../src/files/staleTemps.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { withTrail } from '../support/openedTrail.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';
import { startChild } from './child.ts';
import { roundsOr } from './rounds.ts';

const rounds = roundsOr(20);
const script = path.join(import.meta.dirname, 'spaceChild.ts');

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
});
afterEach(() => workspace.remove());
const at = (name: string): string => path.join(workspace.folder, name);

it(
  `loses nothing when it is killed ${rounds} times while packing, collecting, forgetting and moving`,
  { timeout: 60_000 + rounds * 60_000 },
  async () => {
    const places = [at('.modeltrail/store'), at('away/one'), at('away/two')];
    const models = ['a.safetensors', 'b.safetensors'];
    const recorded = new Set<string>();
    const forgotten = new Set<string>();
    const begun = new Map<string, number>();
    const done = new Map<string, number>();
    for (let round = 1; round <= rounds; round++) {
      const name = round % 2 === 0 ? 'a' : 'b';
      const recorder = startChild(script, workspace.folder, 'record', name, '6');
      const tidier = startChild(script, workspace.folder, 'tidy', String(round), ...places);
      await tidier.killAfter(2 + randomInt(12), 60);
      if (round % 3 === 0) await recorder.killAfter(1 + randomInt(3), 30).catch(() => recorder.done);
      else await recorder.done;
      for (const line of [...recorder.lines, ...tidier.lines]) {
        const [what = '', about = ''] = line.split(' ');
        if (what === 'recorded') recorded.add(about);
        if (what === 'forgetting') forgotten.add(about);
        const count = what === 'begin' ? begun : what === 'done' ? done : undefined;
        count?.set(about, (count.get(about) ?? 0) + 1);
      }
      if (round % 10 > 0 && round < rounds) continue;
      await withTrail(workspace.folder, async (trail) => {
        expect(await trail.info()).toMatchObject({ problems: [] });
        expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
        const versions = [];
        for (const model of models)
          versions.push(...(await trail.versions(model, { offset: 0, limit: 10_000 })).versions);
        expect(versions.map(({ id }) => id)).toEqual(expect.arrayContaining([...recorded]));
        for (const version of versions) if (version.forgotten) expect(forgotten).toContain(version.id);
      });
    }
    // Each kind of work was done. Which of them the kills fell on is chance; that they fell on some is not.
    const sum = (counts: Map<string, number>): number =>
      [...counts.values()].reduce((all, count) => all + count, 0);
    for (const what of ['pack', 'collectNow', 'forget', 'move'])
      expect(done.get(what), what).toBeGreaterThan(0);
    expect(sum(begun)).toBeGreaterThan(sum(done));

    // What the killed ones left is finished, and nothing is left of it.
    await withTrail(workspace.folder, async (trail) => {
      // What was killed after the fact is moved aside by the first, and gone with the second.
      for (let time = 0; time < 2; time++) await trail.collectGarbage(unattended);
      const { store } = await trail.info();
      // No move is unfinished. What one that was killed before the switch copied is where it was to go, and does no harm.
      const location = at('.modeltrail/store/location');
      if (existsSync(location)) expect(readFileSync(location, 'utf8')).toBe(`${store}\n`);
      const packs = path.join(store, 'packs');
      for (const name of readdirSync(packs)) utimesSync(path.join(packs, name), 1000, 1000);
      await openBlockStore(store).collectGarbage(unattended, { graceMs: 0 });
      expect(readdirSync(packs).filter((name) => !/^[0-9a-f]{32}\.pack$/.test(name))).toEqual([]);
      const tmp = path.join(store, 'tmp');
      for (const name of readdirSync(tmp)) utimesSync(path.join(tmp, name), 1000, 1000);
      await removeStaleTemps(tmp);
      expect(readdirSync(tmp)).toEqual([]);
      expect(existsSync(path.join(store, 'quarantine'))).toBe(false);
      expect(await trail.verify({}, unattended)).toMatchObject({ problems: [] });
      const { models: used, stored } = await trail.usage(unattended);
      const needed = used.reduce((sum, { stored: own }) => sum + own, 0);
      expect(stored).toBeLessThan(1.5 * needed + 100_000);
    });
  },
);
