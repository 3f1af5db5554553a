import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { EngineClient } from '../../src/engine/client.ts';
import { unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { engineProgram } from '../support/engineProcesses.ts';
import { train as trainDirectory, weights } from '../support/modelDirectory.ts';
import { code, elsewhere, model, open, record, train, workspace } from '../support/trails.ts';
import { safetensors, sha256 } from '../support/workspace.ts';

// A version's bytes written to a file that the user names.

/** A recorded version, and a way to save it within the folder. */
async function saving() {
  const trail = await open();
  const version = await record(trail);
  const save = (name: string): Promise<unknown> =>
    trail.saveAs({ model, version }, path.resolve(workspace.folder, name), unattended);
  return { trail, version, save };
}

const read = (name: string): string => sha256(workspace.read(name));

it('writes it where no model is, also over something else', async () => {
  const { version, save } = await saving();
  workspace.write('notes.txt', 'old');
  await save('notes.txt');
  await save('new/folder/best.safetensors');
  expect([read('notes.txt'), read('new/folder/best.safetensors')]).toEqual([version, version]);
});

it('never overwrites a model, whose bytes may be recorded nowhere', async () => {
  const { trail, version, save } = await saving();
  const unrecorded = train(safetensors(), 'other.safetensors');
  await trail.refresh(unattended);
  await expect(save('other.safetensors')).rejects.toEqual(code('refused'));
  const changed = train(safetensors());
  await expect(save(model)).rejects.toThrow(/roll it back/i);
  expect([read('other.safetensors'), read(model)]).toEqual([unrecorded, changed]);
  expect(version).not.toBe(changed);
});

it('never overwrites a file of a directory that is one model', async () => {
  const { trail, save } = await saving();
  trainDirectory(1);
  await trail.refresh(unattended);
  const before = read(weights);
  await expect(save(weights)).rejects.toThrow(/models\/bert/);
  expect(read(weights)).toBe(before);
  // What belongs to nothing there: it is not kept with the model.
  mkdirSync(path.join(workspace.folder, 'models/bert/.cache'));
  await save('models/bert/.cache/copy.safetensors');
});

it('never overwrites a model that came since the folder was last looked at', async () => {
  const { trail, save } = await saving();
  await trail.refresh(unattended);
  const unrecorded = train(safetensors(), 'new.safetensors');
  trainDirectory(1);
  const before = read(weights);
  await expect(save('new.safetensors')).rejects.toThrow(/roll it back/i);
  await expect(save(weights)).rejects.toThrow(/models\/bert/);
  await expect(save('models/bert/tokenizer/vocab.txt')).rejects.toThrow(/models\/bert/);
  expect([read('new.safetensors'), read(weights)]).toEqual([unrecorded, before]);
});

it('overwrites what only has the name of a model, or is excluded', async () => {
  const { version, save } = await saving();
  const written = ['data.bin', 'wandb/copy.safetensors', 'models/bert/.hidden/copy.safetensors'];
  trainDirectory(1);
  for (const name of written) workspace.write(name, 'some text\n');
  for (const name of written) await save(name);
  expect(written.map(read)).toEqual(written.map(() => version));
});

it('knows a model through links to its folder', async () => {
  const { trail, save } = await saving();
  trainDirectory(1);
  await trail.refresh(unattended);
  const link = path.join(elsewhere.folder, 'link');
  symlinkSync(workspace.folder, link);
  const [before, changed] = [read(weights), train(safetensors())];
  await expect(save(path.join(link, model))).rejects.toEqual(code('refused'));
  await expect(save(path.join(link, weights))).rejects.toEqual(code('refused'));
  expect([read(weights), read(model)]).toEqual([before, changed]);
});

it('never overwrites a model of another folder that is open', async () => {
  const client = new EngineClient({ program: engineProgram, onDidChange: () => {}, onLog: () => {} });
  try {
    const [one, other] = [
      await client.openTrail(workspace.folder, defaultSettings),
      await client.openTrail(elsewhere.folder, defaultSettings),
    ];
    train();
    const { version } = await one.record({ model }, unattended);
    const unrecorded = elsewhere.write('their.safetensors', safetensors());
    await other.refresh(unattended);
    const save = (name: string): Promise<unknown> =>
      one.saveAs({ model, version: version.id }, path.join(elsewhere.folder, name), unattended);
    await expect(save('their.safetensors')).rejects.toEqual(code('refused'));
    expect(sha256(elsewhere.read('their.safetensors'))).toBe(unrecorded);
    await other.close();
    await save('their.safetensors');
    expect(sha256(elsewhere.read('their.safetensors'))).toBe(version.id);
  } finally {
    await client.dispose();
  }
});
