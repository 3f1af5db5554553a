import { beforeEach, describe, expect, it, vi } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { compareSnapshot } from '../../src/editor/panels/compareSnapshot.ts';
import type { Trails } from '../../src/editor/trails.ts';
import { versionsOfKeys } from '../../src/editor/versionsOfKeys.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { commandLine } from '../support/commandLine.ts';
import { model, open, record, train, workspace } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

const { json } = commandLine(() => workspace.folder);

/** What the Compare panel shows of versions, given the other way round than the trail has them. */
async function compared(api: Trail, ids: readonly string[]) {
  const opened = { api, root: api.root, models: () => api.models() };
  const trails = { open: async () => [opened] } as unknown as Trails;
  const keys = ids.map((version) => ({ root: api.root, model, version })).toReversed();
  return compareSnapshot(keys, await versionsOfKeys(trails, keys));
}

describe('of commits of one second the first is the oldest', () => {
  let ids: string[];
  beforeEach(() => {
    // By name the newest comes first.
    const contents = Array.from({ length: 4 }, () => safetensors());
    contents.sort((a, b) => (sha256(a) < sha256(b) ? 1 : -1));
    vi.stubEnv('GIT_COMMITTER_DATE', '2026-01-01T00:00:00Z');
    vi.stubEnv('GIT_AUTHOR_DATE', '2026-01-01T00:00:00Z');
    ids = contents.map((content, run) => {
      const id = train(content);
      workspace.write('metrics.json', JSON.stringify({ loss: 1 / (run + 1) }));
      workspace.commit(`Run ${run}`);
      return id;
    });
    vi.unstubAllEnvs();
  });

  it('in the Compare panel, in whatever order they were checked', async () => {
    const api = await open();
    await api.refresh(unattended);
    const { versions, metrics } = await compared(api, ids);
    expect(versions.map(({ key }) => key.version)).toEqual(ids);
    expect(metrics[0]?.values).toEqual([1, 1 / 2, 1 / 3, 1 / 4]);
  });

  it('on the command line, in whatever order they are named', async () => {
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const { document } = await json(
      'compare',
      ...[third, first, fourth, second].map((id) => id.slice(0, 12)),
    );
    expect(document).toMatchObject({ versions: ids.map((id) => ({ id })), baseline: 2 });
  });
});

describe('a version whose clock was ahead is the oldest, as in the trail', () => {
  let ids: string[];
  beforeEach(async () => {
    const ahead = await open({ now: () => new Date(Date.now() + 86_400_000) });
    const first = await record(ahead);
    const later = await open();
    ids = [first, await record(later), await record(later)];
  });

  it('in the Compare panel', async () => {
    const { versions } = await compared(await open(), ids);
    expect(versions.map(({ key }) => key.version)).toEqual(ids);
  });

  it('on the command line, whatever other model stands between', async () => {
    const trail = await open({ now: () => new Date(Date.now() + 3_600_000) });
    const other = await record(trail, undefined, 'other.safetensors');
    const { document } = await json('compare', `${model}@v3`, `${model}@v1`, 'other.safetensors@v1');
    expect(document).toMatchObject({ versions: [other, ids[0], ids[2]].map((id) => ({ id })) });
  });
});
