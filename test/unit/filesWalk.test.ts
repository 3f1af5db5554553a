import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultExclude, defaultInclude } from '../../src/core/defaultPatterns.ts';
import { looksLikeModel } from '../../src/formats/looksLikeModel.ts';
import { walkModels } from '../../src/files/walk.ts';
import { safetensors } from '../support/workspace.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'modeltrail-walk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(name: string, bytes: string | Uint8Array = 'x'): Promise<string> {
  const file = path.join(folder, name);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, bytes);
  return file;
}

const problems: [string, string][] = [];
async function walk({
  root = folder,
  include = defaultInclude,
  exclude = defaultExclude,
  signal = new AbortController().signal,
} = {}): Promise<string[]> {
  problems.length = 0;
  const report = (at: string, message: string) => void problems.push([at, message]);
  const found: string[] = [];
  for await (const { path } of walkModels(root, { include, exclude, looksLikeModel, report }, signal))
    found.push(path);
  return found.sort();
}

describe('finding models', () => {
  it('finds files with the endings of models, whatever else is in the name', async () => {
    const names = ['a.onnx', 'deep/er/b.safetensors', 'we ird \'"[x] é😀.pt', '.hidden.gguf', 'UPPER.PT'];
    for (const name of [...names, 'a.txt', 'pt', 'a.onnx.bak', 'train.py']) await write(name);
    expect(await walk()).toEqual(names.sort());
    expect(problems).toEqual([]);
  });

  it.runIf(process.platform === 'linux')('tells of names that are not UTF-8, once each', async () => {
    const named = (...bytes: (string | number)[]): Buffer =>
      Buffer.concat(
        bytes.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))),
      );
    for (const byte of [0xfe, 0xff]) await writeFile(named(folder, '/m', byte, '.onnx'), 'x');
    await writeFile(named(folder, '/notes', 0xff, '.txt'), 'x');
    await mkdir(named(folder, '/d', 0xff));
    await write('real \uFFFD.onnx');
    expect(await walk()).toEqual(['real \uFFFD.onnx']);
    const message = expect.stringContaining('not UTF-8');
    expect(problems.sort()).toEqual([
      ['d\uFFFD', message],
      ['m\uFFFD.onnx', message],
    ]);
  });

  it('does not look into version control, environments and caches', async () => {
    for (const folder of [
      '.git/x',
      'a/node_modules/b',
      '.venv/lib',
      'v/site-packages/t',
      '__pycache__',
      '.dvc/cache/files',
    ])
      await write(`${folder}/m.pt`);
    await write('.dvc/m.pt');
    await write('venv.pt');
    expect(await walk()).toEqual(['.dvc/m.pt', 'venv.pt']);
  });

  it('obeys include and exclude', async () => {
    for (const name of ['a.pt', 'old/a.pt', 'a.weights']) await write(name);
    expect(await walk({ include: ['**/*.pt', '**/*.weights'], exclude: ['old/**'] })).toEqual([
      'a.pt',
      'a.weights',
    ]);
    expect(await walk({ include: [] })).toEqual([]);
  });

  it('gives size and time', async () => {
    await write('a.pt', 'four');
    const options = { include: defaultInclude, exclude: [], looksLikeModel, report() {} };
    const { value } = await walkModels(folder, options, new AbortController().signal).next();
    expect(value).toMatchObject({ path: 'a.pt', size: 4 });
    expect(Math.abs((value?.mtimeMs ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('follows links to files, not to folders, and shows broken ones', async () => {
    await write('real/a.pt');
    await symlink('real', path.join(folder, 'linked'));
    await symlink('.', path.join(folder, 'real/loop.pt'));
    await symlink('real/a.pt', path.join(folder, 'latest.pt'));
    await symlink('nowhere', path.join(folder, 'broken.pt'));
    expect(await walk()).toEqual(['broken.pt', 'latest.pt', 'real/a.pt']);
  });

  it('looks into .bin and .pb files, and counts pointers to them', async () => {
    await write('model.bin', 'GGUF rest');
    await write(
      'pointer.bin',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 1\n`,
    );
    await write('firmware.bin', 'MZ\x90 something else');
    await write('empty.bin', '');
    await write('empty.pt', '');
    expect(await walk()).toEqual(['empty.pt', 'model.bin', 'pointer.bin']);
  });

  it.skipIf(process.platform === 'win32')(
    'passes over a folder that it may not read, and says so',
    async (test) => {
      await write('locked/a.pt');
      await write('b.pt');
      await chmod(path.join(folder, 'locked'), 0);
      try {
        const found = await walk();
        if (found.length === 2) test.skip('root may read everything');
        expect(found).toEqual(['b.pt']);
        expect(problems).toEqual([['locked', expect.stringContaining('No permission')]]);
      } finally {
        await chmod(path.join(folder, 'locked'), 0o755);
      }
    },
  );

  it('says so when the folder itself is gone, and stops when it is told to', async () => {
    expect(await walk({ root: path.join(folder, 'gone') })).toEqual([]);
    expect(problems).toEqual([['', expect.stringContaining('does not exist')]]);
    await expect(walk({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('telling a model by its bytes', () => {
  const zip = (name: string) =>
    `PK\x03\x04${'\0'.repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`;
  const field = (tag: number, bytes: string) => String.fromCharCode(tag, bytes.length) + bytes;
  const node = field(0x0a, field(0x0a, 'x') + field(0x12, 'Placeholder'));
  it.each<[name: string, bytes: string | Uint8Array, expected: boolean]>([
    ['torch zip.bin', zip('archive/data.pkl'), true],
    ['other zip.bin', zip('readme.txt'), false],
    ['pickle.bin', '\x80\x02}q\x00.', true],
    ['text.bin', '\x80 euro', false],
    ['llama.bin', 'lmgg\x01\x00', true],
    ['xgboost.bin', '{L\0\0\0', true],
    ['xgboost json.bin', '{"learner": {}}', true],
    ['other json.bin', '{"weights": {}}', false],
    ['safetensors.bin', safetensors(), true],
    ['random.bin', Buffer.alloc(4096, 0xa5), false],
    ['zeros.bin', Buffer.alloc(4096), false],
    ['cut off.bin', '\xff\0\0\0\0\0\0\0{"a', true],
    ['graph.bin', node, false],
    ['graph.pb', node, true],
    ['large graph.pb', `\x0a\x81\x01${node.slice(2)}`, true],
    ['saved_model.pb', '\x08\x01\x12\x40', true],
    ['onnx.pb', '\x08\x07\x12\x07pytorch', true],
    ['input_0.pb', '\x08\x01\x08\x03\x10\x01', false],
    ['fingerprint.pb', '\x08\xb1\xd2\x80\x12\x10\x01', false],
    ['keras_metadata.pb', '\x0a\x06\x08\x01\x12\x02ab', false],
    ['empty.pb', '', false],
    ['cut.pb', '\x0a\xff', false],
  ])('%s: %s is %s', async (name, bytes, expected) => {
    const file = await write(name, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    expect(await looksLikeModel(file)).toBe(expected);
  });

  it('takes what it cannot read for no model', async () => {
    expect(await looksLikeModel(path.join(folder, 'none.bin'))).toBe(false);
    expect(await looksLikeModel(folder)).toBe(false);
  });
});
