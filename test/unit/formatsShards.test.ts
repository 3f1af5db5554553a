import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesAccess, fileAccess } from '../../src/formats/randomAccess.ts';
import { readerOf, type ReadContext } from '../../src/formats/readers.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { checkMutated, checkTruncated, context } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/shards');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const expected = JSON.parse(load('expected.json').toString()) as Record<
  string,
  { dtype: string; shape: number[]; sha256: string }
>;

/** The files beside it, but for some. */
function beside(missing: readonly string[] = []): NonNullable<ReadContext['sibling']> {
  return async (name) => {
    const file = path.join(folder, name);
    return missing.includes(name) || !existsSync(file) ? undefined : fileAccess(file);
  };
}

async function read(name: string, sibling = beside(), bytes: Buffer = load(name)): Promise<ModelSummary> {
  const access = bytesAccess(bytes);
  const reader = await readerOf(await sniff(access, name));
  return reader!(access, { ...context, name, sibling });
}

async function hashOf(summary: ModelSummary, index: string, name: string): Promise<string> {
  const tensors = openTensors(bytesAccess(load(index)), beside());
  const hash = createHash('sha256');
  const tensor = summary.tensors.find((tensor) => tensor.name === name)!;
  for await (const part of tensors.bytes(tensor, context.signal)!) hash.update(part);
  await tensors.close();
  return hash.digest('hex');
}

describe.each(['model.safetensors.index.json', 'pytorch_model.bin.index.json'])('%s', (index) => {
  it('stands for the model whose tensors lie in the files that it names', async () => {
    expect(await sniff(bytesAccess(load(index)), index)).toBe('shardIndex');
    const summary = await read(index);
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(summary.metadata.get('total_size')).toBe('704');
    expect(summary.parameters).toBe(6 * 32 + 8 + 24);
    expect(summary.tensors.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
    for (const [name, { sha256, ...facts }] of Object.entries(expected)) {
      expect(summary.tensors.find((tensor) => tensor.name === name)).toMatchObject(facts);
      expect(await hashOf(summary, index, name), name).toBe(sha256);
    }
  });

  it('a file that is missing is told of, and the others are read', async () => {
    const missing = index.startsWith('model')
      ? 'model-00003-of-00004.safetensors'
      : 'pytorch_model-00003-of-00004.bin';
    const summary = await read(index, beside([missing]));
    expect(summary.complete).toBe(false);
    expect(summary.findings.map(({ message }) => message)).toEqual([
      `The file "${missing}", which holds 3 of the tensors, is missing.`,
    ]);
    expect(summary.tensors.length).toBe(5);
  });
});

describe('an index that is not what it should be', () => {
  const name = 'model.safetensors.index.json';
  const indexOf = (map: Record<string, unknown>): Buffer => Buffer.from(JSON.stringify({ weight_map: map }));
  const messages = async (map: Record<string, unknown>): Promise<readonly string[]> =>
    (await read(name, beside(), indexOf(map))).findings.map(({ message }) => message);

  it.each(['../secret', '/etc/passwd', 'C:\\x', 'a/b', '..', '', 7])(
    '%s is no name of a shard',
    async (file) => {
      const asked: string[] = [];
      const sibling = async (name: string): Promise<undefined> => void asked.push(name);
      const summary = await read(name, sibling, indexOf({ t: file }));
      expect(asked).toEqual([]);
      expect(summary.complete).toBe(false);
      expect(summary.findings[0]?.message).toContain('which is no file name');
    },
  );

  it('a tensor that is not in its file, and one that the index does not know, are told of', async () => {
    const file = 'model-00004-of-00004.safetensors';
    expect(await messages({ other: file })).toEqual([
      `The tensor "other" is not in "${file}".`,
      `The index does not list the tensor "head.weight" of "${file}".`,
    ]);
  });

  it('an index does not lead into another one', async () => {
    expect(await messages({ t: name })).toEqual([`The file "${name}" holds no tensors.`]);
  });

  it('what is wrong within a file is told with its name', async () => {
    const whole = load('model-00001-of-00004.safetensors');
    const cut: NonNullable<ReadContext['sibling']> = async () => ({
      ...bytesAccess(whole.subarray(0, -8)),
      close: async () => {},
    });
    const { findings, complete } = await read(name, cut);
    expect(complete).toBe(false);
    expect(findings[0]?.message).toBe(
      'In "model-00001-of-00004.safetensors": The file ends 8 bytes before its last tensor does.',
    );
  });

  it('cut anywhere it is not taken for whole', async () => {
    await checkTruncated('shardIndex', load(name));
  });

  it('changed anywhere it reads to an end', async () => {
    await checkMutated('shardIndex', load(name));
  });
});

describe('GGUF in several files', () => {
  const first = 'small-00001-of-00003.gguf';

  it('the first stands for all of them', async () => {
    const summary = await read(first);
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(summary.parameters).toBe(6 * 32 + 8 + 24);
    expect(summary.tensors.map(({ name }) => name).sort()).toEqual(Object.keys(expected).sort());
    const norm = summary.tensors.find(({ name }) => name === 'norm')!;
    expect(norm.storage?.place).toMatchObject({ kind: 'file', file: 'small-00003-of-00003.gguf' });
    expect(await hashOf(summary, first, 'norm')).toBe(expected['norm']!.sha256);
  });

  it('another one says that it is a part', async () => {
    const { findings, tensors } = await read('small-00002-of-00003.gguf');
    expect(tensors.length).toBe(3);
    expect(findings.map(({ message }) => message)).toEqual([
      'This is part 2 of 3: it has not all tensors of the model.',
    ]);
  });

  it('a part that is missing is told of', async () => {
    const { findings, complete, tensors } = await read(first, beside(['small-00002-of-00003.gguf']));
    expect(complete).toBe(false);
    expect(tensors.length).toBe(5);
    expect(findings.map(({ message }) => message)).toEqual([
      'The file "small-00002-of-00003.gguf", which holds weights, is missing.',
    ]);
  });
});
