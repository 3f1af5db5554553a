import { execFileSync } from 'node:child_process';
import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { unattended } from '../../src/core/operation.ts';
import { code, elsewhere, open, trails, versionsOf, write } from '../support/trails.ts';
import { mountCaseless } from '../support/disks.ts';
import { safetensors } from '../support/workspace.ts';

// A model that Git ignores, on a disk where upper and lower case are the same.

it('a model of which somebody changes the case of the name goes on under it', async (test) => {
  const folder = mountCaseless(test, path.join(elsewhere.folder, 'disk'));
  const inside = path.relative(elsewhere.folder, folder);
  execFileSync('git', ['init', '--quiet', folder]);
  elsewhere.write(`${inside}/.gitignore`, '*.safetensors');
  const put = (): string => write(`${inside}/Nets/Model.safetensors`, safetensors(50_000), elsewhere);
  const trail = await open({ folder });
  const record = async () => (await trail.record({ model: 'Nets/Model.safetensors' }, unattended)).version.id;
  const mv = (from: string, to: string): void => {
    // In one step nothing would be done: they are the same file.
    renameSync(path.join(folder, from), path.join(folder, 'between'));
    renameSync(path.join(folder, 'between'), path.join(folder, to));
  };
  const states = async () => {
    await trail.refresh(unattended);
    await trail.checkWorkingCopies(unattended);
    return (await trail.models()).map(({ path: name, working }) => [name, working.state, working.movedFrom]);
  };
  put();
  const first = await record();
  put();
  const second = await record();
  await trail.refresh(unattended);
  await expect(trail.rename('Nets/Model.safetensors', 'Nets/model.safetensors', unattended)).rejects.toEqual(
    code('refused'),
  );

  mv('Nets/Model.safetensors', 'Nets/model.safetensors');
  expect(await states()).toEqual([
    ['Nets/Model.safetensors', 'missing', undefined],
    ['Nets/model.safetensors', 'changed', 'Nets/Model.safetensors'],
  ]);
  await expect(trail.rename('Nets/Model.safetensors', 'Nets/MODEL.safetensors', unattended)).rejects.toEqual(
    code('notFound'),
  );
  await trail.rename('Nets/Model.safetensors', 'Nets/model.safetensors', unattended);
  expect(await states()).toEqual([['Nets/model.safetensors', 'same', undefined]]);

  mv('Nets', 'nets');
  await states();
  await trail.rename('Nets/model.safetensors', 'nets/model.safetensors', unattended);
  expect(await states()).toEqual([['nets/model.safetensors', 'same', undefined]]);
  expect((await versionsOf(trail, 'nets/model.safetensors')).map(({ id, number }) => [id, number])).toEqual([
    [second, 2],
    [first, 1],
  ]);
  await trail.rollback({ model: 'nets/model.safetensors', version: first }, unattended);
  expect(readdirSync(path.join(folder, 'nets'))).toEqual(['model.safetensors']);
  put();
  expect(readdirSync(path.join(folder, 'nets'))).toEqual(['model.safetensors']);
  // By another name it is the same file: what it is now is kept before it is replaced.
  mv('nets', 'between-names');
  mv('between-names', 'Nets');
  await states();
  expect(
    await trail.rollback({ model: 'nets/model.safetensors', version: second }, unattended),
  ).toMatchObject({
    recorded: { number: 3 },
  });
  expect(await trail.verify({}, unattended)).toMatchObject({ checked: 3, problems: [] });
  await Promise.all(trails.splice(0).map((one) => one.close()));
});
