import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

// A Hugging Face model on the command line, from its directory's name.

const fixture = path.join(import.meta.dirname, '../fixtures/directories/bert');
let workspace: Workspace;
let config: string;

beforeEach(() => {
  workspace = makeWorkspace();
  config = path.join(workspace.folder, 'bert/config.json');
  cpSync(fixture, path.join(workspace.folder, 'bert'), { recursive: true, preserveTimestamps: true });
  workspace.commit('A small BERT');
});
afterEach(() => workspace.remove());

const { json, ok, modeltrail } = commandLine(() => workspace.folder);

it('takes a directory for a model everywhere', async () => {
  const original = readFileSync(config, 'utf8');
  expect(await ok('status')).toMatch(/^bert +unchanged/m);
  expect(await ok('record', 'bert/', '-m', 'as it came')).toContain('Recorded bert v1');
  writeFileSync(config, original.replace('"hidden_size": 8', '"hidden_size": 16'));
  const { document } = await json('status');
  expect(document).toMatchObject({ models: [{ path: 'bert', working: { state: 'changed', files: 4 } }] });
  expect((await modeltrail(['diff', 'bert@v1', 'bert'])).stdout).toMatch(/hidden_size +8 +16/);
  await ok('record', 'bert', '-m', 'twice as wide');
  expect(await ok('log', 'bert')).toMatch(/v2 .*twice as wide\n.*v1 .*as it came/);
  await ok('rollback', 'bert@v1', '--yes');
  expect(readFileSync(config, 'utf8')).toBe(original);
  await ok('undo', '--yes');
  expect(await ok('status')).toMatch(/^bert +unchanged .*v2/m);
  const shown = await json('show', 'bert@v2');
  expect(shown.document).toMatchObject({ version: { files: 4, number: 2 } });
  await ok('forget', 'bert@v1', '--yes');
  expect(await ok('verify')).toContain('Checked 1 version');
});
