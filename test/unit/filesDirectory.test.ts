import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatListing, type ListedFile, parseListing } from '../../src/core/listing.ts';
import { mayMakeModel, modelDirectory } from '../../src/core/modelDirectories.ts';
import { directoryFiles, directoryStamp, listingId } from '../../src/files/directory.ts';
import { walkModels } from '../../src/files/walk.ts';
import { defaultExclude, defaultInclude } from '../../src/core/defaultPatterns.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
});
afterEach(() => workspace.remove());

const kindOf = (name: string, ...entries: string[]): string | undefined =>
  modelDirectory(name, new Set(entries))?.kind;

describe('which folders are one model', () => {
  it('knows the layouts of the frameworks by their names, and no other folder', () => {
    expect(kindOf('m', 'saved_model.pb', 'variables')).toBe('savedModel');
    expect(kindOf('Net.mlpackage', 'Manifest.json', 'Data')).toBe('mlpackage');
    expect(kindOf('app', 'Manifest.json')).toBeUndefined();
    expect(kindOf('m', 'MLmodel', 'model.pkl', 'config.json', 'model.safetensors')).toBe('mlflow');
    expect(kindOf('m', 'model_index.json', 'unet', 'vae')).toBe('diffusers');
    expect(kindOf('m', 'config.json', 'model.safetensors')).toBe('huggingFace');
    expect(kindOf('m', 'config.json', 'model.fp16-00002-of-00003.safetensors')).toBe('huggingFace');
    expect(kindOf('m', 'adapter_config.json', 'adapter_model.bin')).toBe('huggingFace');
    expect(kindOf('m', 'config.json', 'churn.safetensors', 'model.onnx')).toBeUndefined();
    expect(kindOf('m', 'model.safetensors')).toBeUndefined();
    expect(mayMakeModel('x.mlpackage', 'Manifest.json')).toBe(true);
    expect(mayMakeModel('x', 'Manifest.json')).toBe(false);
  });

  it('shows the outermost such folder, a trainer’s checkpoints besides, and never the files in it', async () => {
    for (const file of [
      'a/MLmodel',
      'a/model.pkl',
      'a/inner/config.json',
      'a/inner/model.safetensors',
      'run/config.json',
      'run/model.safetensors',
      'run/tokenizer.json',
      'run/checkpoint-500/config.json',
      'run/checkpoint-500/model.safetensors',
      'plain/net.safetensors',
      'MLmodel',
      'config.json',
      'model.safetensors',
    ])
      workspace.write(file, file);
    const found: string[] = [];
    const options = {
      include: defaultInclude,
      exclude: defaultExclude,
      looksLikeModel: async () => true,
      report: () => {},
    };
    for await (const { path: name, files } of walkModels(
      workspace.folder,
      options,
      new AbortController().signal,
    ))
      found.push(`${name} ${files ?? 'file'}`);
    expect(found.sort()).toEqual([
      'a 4',
      'model.safetensors file',
      'plain/net.safetensors file',
      'run 3',
      'run/checkpoint-500 2',
    ]);
  });
});

describe('the files of a model directory', () => {
  it('are all but hidden ones, links to folders and checkpoints; a linked file counts as the file', async () => {
    workspace.write('blobs/weights', 'linked');
    workspace.write('m/saved_model.pb', 'graph');
    workspace.write('m/variables/variables.index', 'i');
    workspace.write('m/.DS_Store', 'x');
    workspace.write('m/__pycache__/a.pyc', 'x');
    workspace.write('m/checkpoint-1/model.safetensors', 'x');
    mkdirSync(path.join(workspace.folder, 'm/assets'));
    symlinkSync('../blobs/weights', path.join(workspace.folder, 'm/linked.bin'));
    symlinkSync('../blobs', path.join(workspace.folder, 'm/folder'));
    const files = await directoryFiles(path.join(workspace.folder, 'm'));
    expect(files.map(({ path: name, stamp }) => `${name} ${stamp.size}`)).toEqual([
      'linked.bin 6',
      'saved_model.pb 5',
      'variables/variables.index 1',
    ]);
  });

  it('refuses a broken link and a name that another system cannot have, naming it', async () => {
    workspace.write('m/saved_model.pb', 'graph');
    symlinkSync('nowhere', path.join(workspace.folder, 'm/gone.bin'));
    await expect(directoryFiles(path.join(workspace.folder, 'm'))).rejects.toThrow(/gone\.bin is a broken/);
    workspace.write('n/a\nb', 'x');
    await expect(directoryFiles(path.join(workspace.folder, 'n'))).rejects.toThrow(/has a name that/);
  });

  it.runIf(process.platform === 'linux')('refuses names that are not UTF-8, saying so', async () => {
    const at = (name: string): string => path.join(workspace.folder, name);
    const named = (name: string): Buffer => Buffer.concat([Buffer.from(at(name)), Buffer.from([0xff])]);
    for (const name of ['m', 'n', 'whole']) mkdirSync(at(name));
    writeFileSync(named('m/weights'), 'x');
    mkdirSync(named('n/variables'));
    writeFileSync(at('whole/real \uFFFD'), 'x');
    await expect(directoryFiles(at('m'))).rejects.toThrow(/weights\uFFFD is not UTF-8.*Rename it/);
    await expect(directoryFiles(at('n'))).rejects.toThrow(/variables\uFFFD is not UTF-8.*Rename it/);
    expect(await directoryFiles(at('whole'))).toHaveLength(1);
  });

  it('refuses more files, and folders deeper in one another, than any model has', async () => {
    workspace.write(`deep/${'d/'.repeat(40)}file`, 'x');
    await expect(directoryFiles(path.join(workspace.folder, 'deep'))).rejects.toThrow(
      /folders in one another/,
    );
    const many = path.join(workspace.folder, 'many');
    mkdirSync(many);
    for (let number = 0; number <= 10_000; number++) writeFileSync(path.join(many, String(number)), '');
    await expect(directoryFiles(many)).rejects.toThrow(/more than 10,?000 files/);
  });

  it('have a stamp that any change changes', async () => {
    const folder = path.join(workspace.folder, 'm');
    const stamp = async (): Promise<string> => JSON.stringify(directoryStamp(await directoryFiles(folder)));
    workspace.write('m/saved_model.pb', 'graph');
    workspace.write('m/fingerprint.pb', 'f');
    const before = await stamp();
    expect(await stamp()).toBe(before);
    const earlier = new Date(Date.now() - 60_000);
    utimesSync(path.join(folder, 'fingerprint.pb'), earlier, earlier);
    const touched = await stamp();
    expect(touched).not.toBe(before);
    writeFileSync(path.join(folder, 'empty'), '');
    expect(await stamp()).not.toBe(touched);
  });
});

describe('a listing', () => {
  const file = (name: string, content: string): ListedFile => ({
    path: name,
    size: content.length,
    id: sha256(content),
  });

  it('has the identity that sha256sum and sort give', () => {
    const names = ['b/z', 'b.txt', 'ä', 'a b', 'Z', '\u{1f600}', '\u{ff5e}'];
    for (const name of names) workspace.write(name, name);
    const script = `find . -type f -printf '%P\\n' | LC_ALL=C sort | while IFS= read -r f; do
      printf '%s %s %s\\n' "$f" "$(stat -c %s "$f")" "$(sha256sum < "$f" | cut -c1-64)"; done | sha256sum | cut -c1-64`;
    const expected = execFileSync('bash', ['-c', script], { cwd: workspace.folder, encoding: 'utf8' }).trim();
    const files = names.map((name) => ({ path: name, id: sha256(name), size: Buffer.byteLength(name) }));
    expect(listingId(files)).toBe(expected);
  });

  it('is read back as it was, and nothing else is taken for one', () => {
    const files = [file('config.json', '{}'), file('weights/a 1 b', 'x')];
    expect(parseListing(formatListing(files))).toEqual(files);
    const id = sha256('x');
    for (const text of [
      '',
      'text\n',
      `../up 1 ${id}\n`,
      `/abs 1 ${id}\n`,
      `a\\b 1 ${id}\n`,
      `C:x 1 ${id}\n`,
      `.git/hooks/x 1 ${id}\n`,
      `a/./b 1 ${id}\n`,
      `a 01 ${id}\n`,
      `a 1 ${id.toUpperCase()}\n`,
      `b 1 ${id}\na 1 ${id}\n`,
      `a 1 ${id}\na 1 ${id}\n`,
      `a 1 ${id}`,
    ])
      expect(parseListing(text), text).toBeUndefined();
  });
});
