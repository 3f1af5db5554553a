import { describe, expect, it } from 'vitest';
import type { HistoryCache } from '../../src/history/cache.ts';
import { departuresFrom, gitVersions } from '../../src/history/lineage.ts';
import { countingGit, find, ids, pathsIn, scan, scanned, sha256, TestRepo } from './historyRepo.ts';

const day = 86_400;
const start = Date.UTC(2026, 0, 1) / 1000;

/** All that is told of all models. */
function told(cache: HistoryCache): unknown {
  const snapshot = cache.snapshot();
  return pathsIn(snapshot).map((model) => ({
    model,
    versions: gitVersions(snapshot, model),
    departures: departuresFrom(snapshot, model),
  }));
}

/** A repository with a model, and a branch `side` that is not there yet: what it brings was committed on the second day. */
function withSide(content: string): { repo: TestRepo; side: string } {
  const repo = new TestRepo();
  repo.write('a.onnx', 'base');
  repo.commitAt(start, 'Base');
  repo.git('checkout', '--quiet', '--detach');
  repo.write('a.onnx', content);
  const side = repo.commitAt(start + day, 'On the side');
  repo.git('checkout', '--quiet', 'main');
  return { repo, side };
}

describe('a branch that comes after it was committed', () => {
  it('has its versions of a model that was renamed since', async () => {
    const { repo, side } = withSide('side');
    repo.git('mv', 'a.onnx', 'b.onnx');
    repo.commitAt(start + 2 * day, 'Rename');
    const cache = await scanned(repo.folder);
    expect(ids(gitVersions(cache.snapshot(), 'b.onnx'))).toEqual([sha256('base')]);

    repo.git('branch', 'side', side);
    await scanned(repo.folder, cache);
    expect(ids(gitVersions(cache.snapshot(), 'b.onnx'))).toEqual(['side', 'base'].map(sha256));
    expect(told(cache)).toEqual(told(await scanned(repo.folder)));
  });

  it('was first with a content that main has too', async () => {
    const { repo, side } = withSide('both');
    repo.write('a.onnx', 'both');
    const main = repo.commitAt(start + 2 * day, 'On main');
    const cache = await scanned(repo.folder);
    repo.git('branch', 'side', side);
    await scanned(repo.folder, cache);
    const [both] = gitVersions(cache.snapshot(), 'a.onnx');
    expect(both?.sightings.map(({ commit }) => commit)).toEqual([main, side]);
    expect(told(cache)).toEqual(told(await scanned(repo.folder)));
  });
});

it('of a model that was another file in a folder says the same when that folder is a model later', async () => {
  const repo = new TestRepo();
  repo.put('m/old.dat', 'weights');
  repo.git('mv', 'm/old.dat', 'a.onnx');
  repo.commit('Name it as what it is');
  const cache = await scanned(repo.folder);
  repo.write('m/config.json', '{}');
  repo.put('m/model.safetensors', 'x');
  await scanned(repo.folder, cache);
  expect(gitVersions(cache.snapshot(), 'm')).toHaveLength(1);
  expect(told(cache)).toEqual(told(await scanned(repo.folder)));
});

it('of commits in one second says the same whatever came later, and never a child before its parent', async () => {
  const repo = new TestRepo();
  repo.write('a.onnx', 'base');
  repo.commitAt(start, 'Base');
  const branches = ['one', 'two', 'three', 'four', 'five'];
  for (const branch of branches) {
    repo.git('checkout', '--quiet', '-b', branch, 'main');
    repo.write('a.onnx', `first on ${branch}`);
    repo.commitAt(start + day, 'First');
    repo.write('notes.txt', branch);
    repo.commitAt(start + day, 'No model');
    repo.write('a.onnx', `second on ${branch}`);
    repo.commitAt(start + day, 'Second');
  }
  const cache = await scanned(repo.folder);
  for (const [later, branch] of branches.entries()) {
    repo.git('checkout', '--quiet', branch);
    repo.write('a.onnx', `later on ${branch}`);
    repo.commitAt(start + (later + 2) * day, 'Later');
    await scanned(repo.folder, cache);
    expect(told(cache)).toEqual(told(await scanned(repo.folder)));
  }
  const order = ids(gitVersions(cache.snapshot(), 'a.onnx'));
  for (const branch of branches) {
    const [second, first] = [`second on ${branch}`, `first on ${branch}`].map((content) =>
      order.indexOf(sha256(content)),
    );
    expect(second, branch).toBeLessThan(first ?? -1);
  }
});

describe('after a commit of a clock that was ahead', () => {
  /** How often the log is read for what was committed since, with which all is told that a scan from the start tells. */
  async function readsAfter(
    work: (repo: TestRepo) => void,
    since: (repo: TestRepo) => void,
  ): Promise<number> {
    const repo = new TestRepo();
    repo.write('a.onnx', 'base');
    repo.commitAt(start, 'Base');
    work(repo);
    const cache = await scanned(repo.folder);
    since(repo);
    const counting = countingGit();
    await scan(await find(repo.folder, counting.binary), cache);
    expect(told(cache)).toEqual(told(await scanned(repo.folder)));
    return counting.calls().filter((call) => / log /.test(call)).length;
  }
  const commitAt = (days: number) => (repo: TestRepo) => {
    repo.write('a.onnx', `on day ${days}`);
    repo.commitAt(start + days * day, `On day ${days}`);
  };
  const onSide = (days: number) => (repo: TestRepo) => {
    repo.git('checkout', '--quiet', '-b', 'side', 'main');
    commitAt(days)(repo);
    repo.git('checkout', '--quiet', 'main');
  };

  it('only what is new is read, whatever is on other branches from before', async () => {
    const ahead = (repo: TestRepo): void => {
      onSide(1.5)(repo);
      commitAt(7000)(repo);
    };
    expect(await readsAfter(ahead, commitAt(2))).toBe(1);
    const two = (repo: TestRepo): void => [2, 3].forEach((days) => commitAt(days)(repo));
    expect(await readsAfter(ahead, two)).toBe(1);
  });

  it('all is read again where that is on another branch, or what is new is on several', async () => {
    expect(await readsAfter(onSide(7000), commitAt(2))).toBe(2);
    const onBoth = (repo: TestRepo): void => {
      commitAt(2)(repo);
      repo.git('checkout', '--quiet', 'side');
      commitAt(3)(repo);
    };
    const ahead = (repo: TestRepo): void => {
      commitAt(7000)(repo);
      onSide(1)(repo);
      commitAt(1.5)(repo);
    };
    expect(await readsAfter(ahead, onBoth)).toBe(2);
  });
});
