import { readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { readAs } from '../support/readerChecks.ts';

/** A member of an archive, deflated if it says so. */
interface Member {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflated?: true;
}

function zipOf(members: readonly Member[]): Buffer {
  const files: Buffer[] = [];
  const list: Buffer[] = [];
  let at = 0;
  for (const { name, content, deflated } of members) {
    const data = deflated ? deflateRawSync(content) : Buffer.from(content);
    const label = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(deflated ? 8 : 0, 4);
    facts.writeUInt32LE(crc32(content), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(content.length, 18);
    facts.writeUInt16LE(label.length, 22);
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), facts, label, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    list.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), facts, tail, label]));
    files.push(file);
    at += file.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...files, directory, end]);
}

const real = readFileSync(path.join(import.meta.dirname, '../fixtures/hdf5/wide.keras'));
const weights = real.subarray(real.indexOf('\x89HDF', 0, 'latin1'));
const config = Buffer.from('{"class_name":"Sequential","config":{"name":"m","layers":[]}}');
const metadata: Member = { name: 'metadata.json', content: Buffer.from('{"keras_version":"3.15.1"}') };
const parts = (...more: Member[]): Member[] => [metadata, { name: 'config.json', content: config }, ...more];
const read = (members: readonly Member[]): Promise<ModelSummary> => readAs('keras', zipOf(members));
const messages = ({ findings }: ModelSummary): string => findings.map(({ message }) => message).join('\n');

it('an archive made by hand is read', async () => {
  const summary = await read(parts({ name: 'model.weights.h5', content: weights }));
  expect(summary.findings).toEqual([]);
  // The file of the weights notes the names of layers.
  expect(summary.tensors.map(({ name }) => name)).toEqual(['wide/kernel', 'wide/bias']);
});

it('a configuration that unpacks to a gigabyte of spaces is not read', async () => {
  const bomb = Buffer.alloc(300_000_000, 0x20);
  const summary = await read([metadata, { name: 'config.json', content: bomb, deflated: true }]);
  expect(summary.complete).toBe(false);
  expect(messages(summary)).toContain('too large');
});

it('weights that are compressed are said not to be read', async () => {
  const summary = await read(parts({ name: 'model.weights.h5', content: weights, deflated: true }));
  expect(summary.complete).toBe(false);
  expect(messages(summary)).toBe('The part "model.weights.h5" is not read.');
});

it('weights that are something else are told of', async () => {
  const summary = await read(parts({ name: 'model.weights.h5', content: Buffer.from('a note') }));
  expect(summary.complete).toBe(false);
  expect(messages(summary)).toBe('The part "model.weights.h5" cannot be read.');
});

it.each(['../model.weights.h5', '/model.weights.h5', 'assets/x\u202e.txt'])(
  '%j is only a name',
  async (name) => {
    const summary = await read(parts({ name, content: weights }));
    expect(summary.tensors).toEqual([]);
    expect(messages(summary)).toContain('is not read');
    expect(messages(summary)).not.toContain('\u202e');
  },
);

it.each([
  ['nested too deep', `${'['.repeat(5000)}${']'.repeat(5000)}`],
  ['no object', '[1]'],
  ['cut off', '{"config":'],
])('a configuration that is %s is told of', async (_name, text) => {
  const summary = await read([metadata, { name: 'config.json', content: Buffer.from(text) }]);
  expect(summary.complete).toBe(false);
  expect(messages(summary)).toBe('What should be JSON is not valid.');
});

it('names like those of objects are names', async () => {
  const text =
    '{"class_name":"__proto__","config":{"layers":[{"class_name":"constructor","config":{"name":"toString"}}]},"compile_config":{"__proto__":{"x":1}}}';
  const summary = await read([metadata, { name: 'config.json', content: Buffer.from(text) }]);
  expect(summary.complete).toBe(true);
  expect(summary.graph?.nodes.map(({ name, op }) => [name, op])).toEqual([['toString', 'constructor']]);
});
