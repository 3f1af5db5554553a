import { randomBytes, randomInt } from 'node:crypto';
import { renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { sha256 } from '../support/workspace.ts';

// A process that works on a trail until it is killed. It says on stdout what it is about to do and what is done; a line of `done`
// promises that what it names is durable.
//   node engineChild.ts FOLDER storm          once `ready`, from `go` on stdin: train, record and roll back one model at random
//   node engineChild.ts FOLDER rounds NAME    for each line on stdin: record NAME.pt and the shared model, and tag both

const [folder = '', mode = '', name = ''] = process.argv.slice(2);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

function say(...words: unknown[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

/** As a careful trainer does: written beside, then renamed, so that half a file is never the trainer's. */
function train(model: string, bytes: number): string {
  const content = randomBytes(bytes);
  const id = sha256(content);
  const file = path.join(folder, model);
  const beside = `${file}.training-${process.pid}`;
  writeFileSync(beside, content);
  const earlier = new Date(Date.now() - randomInt(10_000, 10_000_000));
  utimesSync(beside, earlier, earlier);
  say('training', id);
  renameSync(beside, file);
  return id;
}

async function storm(): Promise<never> {
  const trail = await openTrail(folder, defaultSettings);
  say('ready');
  await lines.next();
  for (;;) {
    const { versions } = await trail.versions('model.pt', { offset: 0, limit: 1000 });
    const old = versions[randomInt(0, versions.length + 1)];
    if (old && randomInt(2) === 0) {
      const working = await trail.checkWorkingCopy('model.pt', unattended);
      if (working.version === old.id) continue;
      await trail.rollback({ model: 'model.pt', version: old.id }, unattended);
      say('done', old.id);
    } else {
      train('model.pt', randomInt(1_000_000, 4_000_000));
      const { version } = await trail.record({ model: 'model.pt' }, unattended);
      say('done', version.id);
    }
  }
}

async function rounds(): Promise<void> {
  const trail = await openTrail(folder, defaultSettings);
  for (let line = await lines.next(); !line.done; line = await lines.next()) {
    const round = line.value;
    const own = `${name}.pt`;
    const id = train(own, 50_000);
    const recorded = await trail.record({ model: own, message: `round ${round}` }, unattended);
    await trail.tag({ model: own, version: id }, `${name}-${round}`, false);
    // All of them record whatever the shared model is at the moment, and quarrel about its tag.
    const shared = await trail.record({ model: 'shared.pt' }, unattended);
    const tagging = trail.tag({ model: 'shared.pt', version: shared.version.id }, 'latest', true);
    // Another may have put the tag there first.
    await tagging.catch(() => {});
    say('round', round, id, recorded.version.number, shared.version.id);
  }
  await trail.close();
}

await (mode === 'storm' ? storm() : rounds());
