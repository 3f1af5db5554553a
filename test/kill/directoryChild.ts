import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, promises, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { unattended } from '../../src/core/operation.ts';
import { listingId } from '../../src/files/directory.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { sha256 } from '../support/workspace.ts';

// A process that trains, records and rolls back a model that is a directory, until it is killed: `node directoryChild.ts FOLDER`. With
// a number, it kills itself when its rollbacks have renamed so many files and are about to rename one more. It says on stdout what it is
// about to put in place and what is done: `training ID`, `recorded ID`, `restored ID`.

const [folder = '', renames = 'Infinity'] = process.argv.slice(2);
const model = 'bert';
let renamesLeft = Number(renames);
let isRollingBack = false;

const { rename } = promises;
promises.rename = async (from, to) => {
  if (isRollingBack && renamesLeft-- === 0) process.kill(process.pid, 'SIGKILL');
  await rename(from, to);
};
syncBuiltinESMExports();

function say(...words: unknown[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

/** As a careful trainer does: written beside, then renamed, so that half a directory is never the trainer's. */
function train(): void {
  const files = [
    { path: 'config.json', content: Buffer.from(JSON.stringify({ step: randomInt(1e9) })) },
    { path: 'model.safetensors', content: randomBytes(randomInt(10_000, 300_000)) },
    { path: `extra/${randomInt(3)}.txt`, content: randomBytes(10) },
  ];
  const beside = path.join(folder, `training-${process.pid}`);
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(path.join(beside, 'extra'), { recursive: true });
  for (const { path: name, content } of files) {
    writeFileSync(path.join(beside, name), content);
    const earlier = new Date(Date.now() - randomInt(10_000, 10_000_000));
    utimesSync(path.join(beside, name), earlier, earlier);
  }
  writeFileSync(path.join(beside, '.hidden'), 'no part of the model');
  const id = listingId(
    files.map(({ path: name, content }) => ({ path: name, size: content.length, id: sha256(content) })),
  );
  say('training', id);
  const aside = path.join(folder, `aside-${process.pid}`);
  if (existsSync(path.join(folder, model))) renameSync(path.join(folder, model), aside);
  renameSync(beside, path.join(folder, model));
  rmSync(aside, { recursive: true, force: true });
}

const trail = await openTrail(folder, defaultSettings);
// What the one before left is put in order first.
await trail.refresh(unattended);
say('ready');
for (;;) {
  const { versions } = await trail.versions(model, { offset: 0, limit: 1000 });
  const old = versions[randomInt(versions.length + 1)];
  if (old && versions.length > 2 && existsSync(path.join(folder, model)) && randomInt(4) > 0) {
    const working = await trail.checkWorkingCopy(model, unattended);
    if (working.version === old.id) continue;
    isRollingBack = true;
    await trail.rollback({ model, version: old.id }, unattended);
    isRollingBack = false;
    say('restored', old.id);
  } else {
    train();
    const { version } = await trail.record({ model }, unattended);
    say('recorded', version.id);
  }
}
