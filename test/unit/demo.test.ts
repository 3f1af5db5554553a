import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDemo } from '../../scripts/demo.ts';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'modeltrail-demo-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function refs(): string {
  return execFileSync('git', ['for-each-ref', '--format=%(refname) %(objectname)'], {
    cwd: folder,
    encoding: 'utf8',
  });
}

it('the demo shows every kind of version, and is the same every time', async () => {
  expect(await makeDemo(folder)).toBe(folder);
  const commits = refs();
  await makeDemo(folder);
  expect(refs()).toBe(commits);

  const trail = await openTrail(folder, defaultSettings);
  await trail.refresh(unattended);
  expect((await trail.info()).problems).toEqual([]);
  const states = new Map<string, string>();
  for (const { path: model, versions: count } of await trail.models()) {
    states.set(model, (await trail.checkWorkingCopy(model, unattended)).state);
    const { versions } = await trail.versions(model, { offset: 0, limit: 100 });
    expect(versions.length).toBe(count);
    expect(count).toBeGreaterThanOrEqual(10);
    expect(versions.some(({ tags, stage }) => tags.length > 0 || stage !== undefined)).toBe(true);
    for (const { metrics, params } of versions) {
      expect(Object.keys(metrics).length).toBeGreaterThanOrEqual(3);
      expect(params).not.toEqual({});
    }
  }
  expect([...states]).toEqual([
    ['models/churn.joblib', 'same'],
    ['models/digits.onnx', 'same'],
    ['models/digits.pt', 'pointer'],
    ['models/digits.safetensors', 'changed'],
  ]);
  const { versions } = await trail.versions('models/digits.onnx', { offset: 0, limit: 100 });
  expect(versions.at(-1)?.sightings.at(-1)?.path).toBe('models/mnist.onnx');
  expect((await trail.verify({}, unattended)).problems).toEqual([]);
  await trail.close();
}, 60_000);

it('a folder with something else in it is left alone', async () => {
  writeFileSync(path.join(folder, 'thesis.txt'), 'years of work');
  await expect(makeDemo(folder)).rejects.toThrow('left alone');
});
