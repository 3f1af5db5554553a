import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { model, store, train, workspace } from '../support/trails.ts';

const { modeltrail } = commandLine(() => workspace.folder);

/** The only entry of the journal. */
function entry(): string {
  const journal = path.join(workspace.folder, '.modeltrail/journal');
  const [month = ''] = readdirSync(journal);
  const [name = ''] = readdirSync(path.join(journal, month));
  return path.join(journal, month, name);
}

/** The index, and what was written to the journal once more. */
function removeWhatIsKnown(): void {
  for (const name of readdirSync(store()))
    if (/^(index|journal)[-.]/.test(name)) rmSync(path.join(store(), name));
}

it('verify names an entry that was damaged after the index had it, and writes it back from there', async () => {
  train();
  await modeltrail(['record', model]);
  await modeltrail(['status']);
  const before: unknown = JSON.parse(readFileSync(entry(), 'utf8'));
  writeFileSync(entry(), '');
  const { exitCode, stdout } = await modeltrail(['verify']);
  expect(exitCode).toBe(1);
  expect(stdout).toContain(path.basename(entry()));
  expect(stdout).not.toContain('All are as they were recorded.');
  expect(await modeltrail(['verify', '--repair'])).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('Entries of the journal written back: 1.'),
  });
  expect(JSON.parse(readFileSync(entry(), 'utf8'))).toEqual(before);
});

it('verify names an entry of which nobody knows what it said, also when it is to repair', async () => {
  train();
  await modeltrail(['record', model]);
  writeFileSync(entry(), '');
  removeWhatIsKnown();
  for (const argv of [['verify'], ['verify', '--repair']]) {
    const { exitCode, stdout } = await modeltrail(argv);
    expect(exitCode).toBe(1);
    expect(stdout).toContain(path.basename(entry()));
  }
});
