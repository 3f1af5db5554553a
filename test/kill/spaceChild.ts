import { randomInt } from 'node:crypto';
import { readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { unattended } from '../../src/core/operation.ts';
import { openBlockStore } from '../../src/store/blockStore.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { safetensorsOf } from '../support/models.ts';
import { noisy, weights } from '../support/weights.ts';

// What `space.test.ts` kills. It says on its standard output what is done, and before it forgets a version, which.
//   node spaceChild.ts FOLDER record NAME COUNT     records COUNT contents of NAME.safetensors, some of them for the second time
//   node spaceChild.ts FOLDER tidy FIRST PLACE...   packs, collects garbage, forgets, and moves the store between the places: first what
//                                                   has the number FIRST, then at random

const [folder = '', mode = '', ...rest] = process.argv.slice(2);
const names = ['embed', 'layer', 'head'];
const tensorBytes = 40_000;

function say(...words: unknown[]): void {
  process.stdout.write(`${words.join(' ')}\n`);
}

function pick<T>(items: readonly T[]): T | undefined {
  return items[randomInt(Math.max(1, items.length))];
}

async function record(name: string, count: number): Promise<void> {
  const trail = await openTrail(folder, defaultSettings);
  const model = `${name}.safetensors`;
  const file = path.join(folder, model);
  const tensors: Record<string, Uint8Array> = Object.fromEntries(
    names.map((tensor) => [tensor, weights('F32', tensorBytes)]),
  );
  const before: Buffer[] = [];
  say('ready');
  for (let round = 0; round < count; round++) {
    const again = randomInt(3) === 0 ? pick(before) : undefined;
    const tuned = pick(names) ?? '';
    if (!again) tensors[tuned] = noisy('F32', tensors[tuned]!, 1e-3);
    const bytes = again ?? safetensorsOf(tensors, 'F32', 8 * randomInt(4));
    before.push(bytes);
    const beside = `${file}.training-${process.pid}`;
    writeFileSync(beside, bytes);
    const earlier = new Date(Date.now() - randomInt(10_000, 10_000_000));
    utimesSync(beside, earlier, earlier);
    renameSync(beside, file);
    const { version } = await trail.record({ model }, unattended);
    say('recorded', version.id);
  }
  await trail.close();
}

async function tidy(first: number, places: readonly string[]): Promise<never> {
  const trail = await openTrail(folder, defaultSettings);
  const folderNow = (): string => {
    try {
      return readFileSync(path.join(folder, '.modeltrail/store/location'), 'utf8').split('\n')[0] ?? '';
    } catch {
      return path.join(folder, '.modeltrail/store');
    }
  };
  const forget = async (): Promise<void> => {
    const model = pick(await trail.models());
    const { versions } = await trail.versions(model?.path ?? '', { offset: 0, limit: 1000 });
    const version = pick(
      versions.filter((candidate) => candidate.number !== undefined && !candidate.forgotten),
    );
    if (!version) return;
    say('forgetting', version.id);
    await trail.forget([{ model: version.model, version: version.id }], unattended);
  };
  const move = async (): Promise<void> => {
    const to = pick(places.filter((place) => place !== folderNow()));
    if (to !== undefined) await trail.moveStore(to, unattended);
  };
  const work = {
    pack: () => trail.pack(unattended),
    collect: () => trail.collectGarbage(unattended),
    // Without the hour, so that there is something to remove.
    collectNow: () => openBlockStore(folderNow()).collectGarbage(unattended, { graceMs: 0 }),
    forget,
    move,
  };
  const often = ['pack', 'pack', 'pack', 'collect', 'collectNow', 'collectNow', 'forget', 'move'] as const;
  const kinds = [...new Set(often)];
  say('ready');
  for (let what = kinds[first % kinds.length]; ; what = pick(often)) {
    if (!what) continue;
    say('begin', what);
    await work[what]();
    say('done', what);
  }
}

await (mode === 'record' ? record(rest[0] ?? '', Number(rest[1])) : tidy(Number(rest[0]), rest.slice(1)));
