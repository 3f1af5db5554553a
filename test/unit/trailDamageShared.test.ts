import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { damageContent } from '../support/damage.ts';
import * as head from '../support/headTraining.ts';
import { safetensorsOf } from '../support/models.ts';
import { model, open, record, store, train, workspace, write } from '../support/trails.ts';
import { noisy, weights } from '../support/weights.ts';
import { sha256 } from '../support/workspace.ts';

/** As Git LFS leaves a file that is committed. */
function commitWithLfs(content: Uint8Array): void {
  const id = sha256(content);
  workspace.write(`.git/lfs/objects/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`, content);
  train(
    Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${content.length}\n`),
  );
  workspace.commit('with LFS');
}

describe('a damaged block of a version that nothing else has', () => {
  const layer = weights('F32', 100_000);
  const first = safetensorsOf({ embed: weights('F32', 200_000), layer }, 'F32');
  /** Shares the layer with the first. */
  const next = safetensorsOf({ embed: weights('F32', 200_000), layer }, 'F32');

  beforeEach(async () => {
    await record(await open(), first);
  });

  it.each(['Git', 'Git LFS'])('is had from another version, which %s has', async (place) => {
    if (place === 'Git') workspace.commit('first');
    else commitWithLfs(first);
    const trail = await open();
    await trail.refresh(unattended);
    const version = await record(trail, next);
    damageContent(store(), version);
    train();
    await trail.rollback({ model, version }, unattended);
    expect(sha256(workspace.read(model))).toBe(version);
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
  });

  it('is had where it is a difference to that of a version which Git has', async () => {
    workspace.commit('first');
    const trail = await open();
    await trail.refresh(unattended);
    const tuned = safetensorsOf({ embed: randomBytes(200_000), layer: noisy('F32', layer, 1e-4) }, 'F32');
    const version = await record(trail, tuned);
    await trail.pack(unattended);
    damageContent(store(), sha256(first));
    train();
    const later = await open();
    await later.refresh(unattended);
    await later.rollback({ model, version }, unattended);
    expect(sha256(workspace.read(model))).toBe(version);
  });

  it('is brought back with the other by whoever repairs both, and is no problem then', async () => {
    commitWithLfs(first);
    const trail = await open();
    await trail.refresh(unattended);
    damageContent(store(), await record(trail, next));
    train();
    // The newer one is looked at first.
    expect(await trail.verify({ repair: true }, unattended)).toMatchObject({ repaired: 2, problems: [] });
    expect(await trail.verify({}, unattended)).toMatchObject({ checked: 2, problems: [] });
  });

  it('is named where the other cannot be read either', async () => {
    commitWithLfs(first);
    const trail = await open();
    await trail.refresh(unattended);
    const version = await record(trail, next);
    damageContent(store(), version);
    const object = sha256(first);
    write(
      `.git/lfs/objects/${object.slice(0, 2)}/${object.slice(2, 4)}/${object}`,
      randomBytes(first.length),
    );
    const before = train();
    const rollback = trail.rollback({ model, version }, unattended);
    await expect(rollback).rejects.toThrow(`The kept bytes of the tensor layer of ${model} v2 are damaged.`);
    expect(sha256(workspace.read(model))).toBe(before);
  });
});

it('a damaged block of a file in a directory is had from another version of it, which Git has', async () => {
  const { model, weights: file } = head;
  const layer = randomBytes(head.mebibyte);
  const target = { model };
  const trail = await open();
  write(`${model}/config.json`, '{}');
  write(file, safetensorsOf({ embed: randomBytes(50_000), layer }));
  await trail.record(target, unattended);
  workspace.commit('first');
  await trail.refresh(unattended);
  const id = write(file, safetensorsOf({ embed: randomBytes(50_000), layer }));
  const { version } = await trail.record(target, unattended);
  damageContent(store(), id);
  rmSync(path.join(workspace.folder, file));
  await trail.rollback({ model, version: version.id }, unattended);
  expect(sha256(workspace.read(file))).toBe(id);
});
