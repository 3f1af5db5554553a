import { chmodSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { code, elsewhere, open, trails, workspace, write } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

const model = 'models/churn.safetensors';
afterEach(() => void vi.unstubAllEnvs());

function train(content: Uint8Array = safetensors(), name = model): string {
  return write(name, content);
}

describe('history from Git', () => {
  it('shows commits of all branches with the metrics of each, joined with what was recorded', async () => {
    const first = train();
    workspace.write('models/metrics.json', '{"f1": 0.5}');
    workspace.commit('first');
    workspace.git('checkout', '-q', '-b', 'experiment');
    const second = train();
    workspace.write('models/metrics.json', '{"f1": 0.6}');
    workspace.commit('longer warm-up');
    const trail = await open();
    await trail.refresh(unattended);
    const { versions } = await trail.versions(model, { offset: 0, limit: 10 });
    expect(versions.map(({ id, sources, metrics, message }) => ({ id, sources, metrics, message }))).toEqual([
      { id: second, sources: ['git'], metrics: { f1: 0.6 }, message: 'longer warm-up' },
      { id: first, sources: ['git'], metrics: { f1: 0.5 }, message: 'first' },
    ]);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'unchecked' });
    await trail.checkWorkingCopies(unattended);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'same', version: second });
    await trail.record({ model }, unattended);
    const joined = await trail.versions(model, { offset: 0, limit: 10 });
    expect(joined).toMatchObject({ total: 2, versions: [{ number: 1, sources: ['recorded', 'git'] }, {}] });
  });

  it('keeps the recorded versions of a model that Git saw renamed', async () => {
    const trail = await open();
    const id = train();
    await trail.record({ model, message: 'before the move' }, unattended);
    await trail.tag({ model, version: id }, 'champion', false);
    workspace.commit('first');
    workspace.git('mv', model, 'moved.safetensors');
    workspace.commit('renamed');
    await trail.refresh(unattended);
    expect((await trail.models()).map(({ path: name }) => name)).toEqual(['moved.safetensors']);
    const moved = await trail.versions('moved.safetensors', { offset: 0, limit: 10 });
    expect(moved.versions).toMatchObject([{ id, number: 1, message: 'before the move', tags: ['champion'] }]);
    train(safetensors(), 'moved.safetensors');
    const { version } = await trail.record({ model: 'moved.safetensors' }, unattended);
    expect(version).toMatchObject({ number: 2, provenance: { parent: id } });
  });

  it('is known to a recording that begins while it is read for the first time', async () => {
    const trail = await open();
    train();
    await trail.record({ model }, unattended);
    workspace.commit('first');
    workspace.git('mv', model, 'moved.safetensors');
    workspace.commit('renamed');
    train(safetensors(), 'moved.safetensors');
    const later = await open();
    const goOn = path.join(elsewhere.folder, 'go-on');
    // A Git that does not answer before it may.
    elsewhere.write(
      'git',
      `#!/bin/sh\nuntil [ -e '${goOn}' ]; do sleep 0.01; done\nPATH="\${PATH#*:}" exec git "$@"\n`,
    );
    chmodSync(path.join(elsewhere.folder, 'git'), 0o755);
    vi.stubEnv('PATH', `${elsewhere.folder}${path.delimiter}${process.env['PATH']}`);
    const refreshing = later.refresh(unattended);
    const said: string[] = [];
    const operation: Operation = {
      ...unattended,
      report({ label }) {
        said.push(label);
        if (label === 'Reading Git history') elsewhere.write('go-on', '');
      },
    };
    const { version } = await later.record({ model: 'moved.safetensors' }, operation);
    expect(said.at(-1)).toBe('Reading Git history');
    expect(version.number).toBe(2);
    await refreshing;
  });

  it('is there at once when opened again, without asking Git', async () => {
    train();
    workspace.commit('first');
    const trail = await open();
    await trail.refresh(unattended);
    await trail.close();
    trails.length = 0;
    const again = await open();
    expect((await again.versions(model, { offset: 0, limit: 10 })).total).toBe(1);
  });

  it('rolls back to a commit from its blob, and resolves Git revisions', async () => {
    const first = train();
    workspace.commit('first');
    train();
    workspace.commit('second');
    const trail = await open();
    await trail.refresh(unattended);
    const { version } = await trail.resolve('HEAD~1');
    expect(version?.id).toBe(first);
    expect(await trail.planRollback({ model, version: first }, unattended)).toMatchObject({
      from: 'git',
      records: true,
    });
    await trail.rollback({ model, version: first }, unattended);
    expect(sha256(workspace.read(model))).toBe(first);
  });

  it('says where the bytes of an LFS pointer could come from', async () => {
    const oid = sha256('far away');
    workspace.write(model, `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 8\n`);
    workspace.commit('pointer');
    workspace.git('remote', 'add', 'origin', 'https://user:secret@example.com/models.git');
    const trail = await open();
    await trail.refresh(unattended);
    expect((await trail.models())[0]?.working).toMatchObject({ state: 'pointer', version: oid });
    const plan = await trail.planRollback({ model, version: oid }, unattended);
    expect(plan.from).toBeUndefined();
    expect(plan.missing).toMatch(/git lfs fetch.*example\.com/);
    expect(plan.missing).not.toContain('secret');
    await expect(trail.rollback({ model, version: oid }, unattended)).rejects.toEqual(code('missingBytes'));
  });
});
