import { readFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { length32, messages, pickle, read } from '../support/pickleBytes.ts';
import { processorTime } from '../support/processorTime.ts';

const fixtures = path.join(import.meta.dirname, '../fixtures');

describe('pickles made to hurt', () => {
  const cases: readonly (readonly [string, string, RegExp])[] = [
    ['a note that was never made', 'h\x07.', /did not note/],
    ['an empty stack', 'R.', /operands/],
    ['an operand below a mark', 'N(R.', /operands/],
    ['no mark', 'Nt.', /operands/],
    ['a key without value', '}(Nu.', /value/],
    ['something put into a number', 'K\x01Na.', /holds nothing/],
    ['a state for a number', 'K\x01Nb.', /state/],
    ['an unknown instruction', '\xff.', /no instruction/],
    ['protocol 99', '\x80\x63N.', /protocol 99/],
    ['a computed import', 'K\x01K\x02\x93.', /computes the name/],
    ['an import of bytes', 'C\x02osC\x06system\x93.', /computes the name/],
    ['a changed class', 'cbuiltins\nint\n}b.', /changes a class/],
    ['text longer than the file', `X${length32(0xffffffff)}abc`, /cut off/],
    ['bytes longer than any file', '\x8e\xff\xff\xff\xff\xff\xff\xff\xff', /makes no sense/],
    ['a number longer than any', `\x8b${length32(1_000_000)}`, /makes no sense/],
    ['a frame in a frame', '\x95\x20\0\0\0\0\0\0\0\x95\x02\0\0\0\0\0\0\0N.', /frames/],
  ];
  it.each(cases)('%s', async (_, text, message) => {
    const summary = await read(pickle(text), 'a.pkl');
    expect(messages(summary)).toMatch(message);
  });

  it('names of every kind are only names', async () => {
    const key = (name: string): string => `X${length32(name.length)}${name}`;
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const summary = await read(pickle(`}(${names.map((name) => `${key(name)}K\x01`).join('')}u.`), 'a.pkl');
    expect([...summary.metadata]).toEqual(names.map((name) => [name, '1']));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  // Each list holds the one before twice; a walk without limits would never end.
  it('lists that double a thousand times', async () => {
    const doubled = 'h\0h\0\x86q\0'.repeat(1000);
    const summary = await read(pickle(`]q\0N\x61${doubled}.`), 'a.pkl');
    expect(summary.complete).toBe(false);
    expect(messages(summary)).toMatch(/too deeply|more than is read/);
  });

  it('a list that holds itself, and an object that is its own state', async () => {
    expect((await read(pickle(']q\0h\0a.'), 'a.pkl')).metadata.size).toBeLessThan(2);
    const object = await read(pickle('ca\nB\n)\x81q\0}X\x01\0\0\0xh\0sb.'), 'a.pkl');
    expect(object.metadata.get('class')).toBe('a.B');
  });

  it('a million levels', async () => {
    const summary = await read(pickle(`${'('.repeat(1_000_000)}${'t'.repeat(1_000_000)}.`), 'a.pkl');
    expect(summary.complete).toBe(false);
    const dictionaries = await read(pickle(`N${'q\0}X\x01\0\0\0ah\0s'.repeat(100_000)}.`), 'a.pkl');
    expect(dictionaries.complete).toBe(false);
  });

  it.each([
    ['empty lists', ']'],
    ['empty dictionaries', '}'],
    ['objects', '}}b'],
    ['notes', 'Nr\x01\0\0\0'],
    ['strings', 'U\x04abcd'],
    ['bytes', 'C\x04abcd'],
    ['marks', '('],
    ['imports', 'ca\nb\n'],
    ['calls', 'ca\nb\n)R'],
  ])('twelve million bytes of %s stay within memory and time', async (_, text) => {
    const bytes = pickle(text.repeat(Math.floor(12_000_000 / text.length)));
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    const start = processorTime();
    const summary = await read(bytes, 'a.pkl');
    expect(processorTime() - start).toBeLessThan(5000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 2 ** 20);
    expect(summary.complete).toBe(false);
  });
});

describe('imports that do more than a model needs', () => {
  const cases: readonly (readonly [string, string, RegExp | undefined])[] = [
    ['os', 'system', /runs programs/],
    ['posix', 'system', /runs programs/],
    ['asyncio.unix_events', '_UnixSubprocessTransport._start', /runs programs/],
    ['__builtin__', 'eval', /builtins\.eval.*runs code/],
    ['commands', 'getoutput', /subprocess\.getoutput.*runs programs/],
    ['pathlib', 'os.system', /runs programs/],
    ['numpy', '__builtins__', /call anything/],
    ['numpy', 'f2py.crackfortran.myeval', /runs code/],
    ['pkgutil', 'resolve_name', /call anything/],
    ['torch.storage', '_load_from_bytes', /not checked/],
    ['shutil', 'rmtree', /reads or writes files/],
    ['urllib.request', 'urlopen', /network/],
    ['collections', 'OrderedDict', undefined],
    ['sklearn.linear_model._base', 'LinearRegression', undefined],
  ];
  it.each(cases)('%s.%s', async (module, name, message) => {
    for (const text of [
      `c${module}\n${name}\n)R.`,
      `(i${module}\n${name}\n.`,
      `c${module}\n${name}\n)R0N.`,
    ]) {
      const summary = await read(pickle(text), 'a.pkl');
      if (message) expect(messages(summary)).toMatch(message);
      else expect(summary.findings).toEqual([]);
      expect(summary.metadata.get('imports')).toBeDefined();
    }
  });

  it('are told whatever the file is called', async () => {
    for (const name of ['a.pt', 'a.bin', 'a.joblib', 'a.ckpt']) {
      expect(messages(await read(pickle('cos\nsystem\n)R.'), name))).toMatch(/os\.system/);
    }
    expect(messages(await read(Buffer.from('cos\nsystem\n(tR.\0'), 'a.pt'))).toMatch(/os\.system/);
  });

  it('are told even when the pickle breaks off, and in every pickle of the file', async () => {
    const broken = await read(pickle('cos\nsystem\n(X\x10\0\0\0'), 'a.pkl');
    expect(messages(broken)).toMatch(/os\.system/);
    const second = await read(Buffer.concat([pickle('N.'), pickle('cos\nsystem\n)R.')]), 'a.pkl');
    expect(messages(second)).toMatch(/os\.system/);
  });
});

describe('archives made to hurt', () => {
  const checkpoint = readFileSync(path.join(fixtures, 'pickles/checkpoint.pt'));

  it('a storage that is shorter than it is said to be', async () => {
    const bytes = Buffer.from(checkpoint);
    const entry = bytes.indexOf('checkpoint/data/0', bytes.indexOf('PK\x01\x02')) - 46;
    bytes.writeUInt32LE(100, entry + 20);
    bytes.writeUInt32LE(100, entry + 24);
    const summary = await read(bytes, 'a.pt');
    expect(messages(summary)).toMatch(/has 100 bytes, but should have 112/);
    expect(summary.complete).toBe(false);
    const weight = summary.tensors.find(({ name }) => name === 'model.embedding.weight');
    expect(weight).toMatchObject({ shape: [7, 4] });
    expect(weight?.byteOffset).toBeUndefined();
  });

  it('members that overlap', async () => {
    const bytes = Buffer.from(checkpoint);
    const [first, second] = [0, 1].map(
      (key) => bytes.indexOf(`checkpoint/data/${key}`, bytes.indexOf('PK\x01\x02')) - 46,
    );
    bytes.writeUInt32LE(bytes.readUInt32LE((first ?? 0) + 42), (second ?? 0) + 42);
    expect(messages(await read(bytes, 'a.pt'))).toMatch(/overlaps/);
  });

  it('a missing storage', async () => {
    const bytes = Buffer.from(checkpoint);
    const entry = bytes.indexOf('checkpoint/data/0', bytes.indexOf('PK\x01\x02'));
    bytes.write('X', entry + 'checkpoint/data/'.length);
    expect(messages(await read(bytes, 'a.pt'))).toMatch(/storage "0" is not in the file/);
  });

  it('a pickle that unpacks to more than anyone waits for', async () => {
    const zeros = deflateSync(Buffer.alloc(80 * 2 ** 20), { level: 9 });
    const start = processorTime();
    const summary = await read(zeros, 'a.joblib');
    expect(processorTime() - start).toBeLessThan(5000);
    expect(summary.complete).toBe(false);
    // Bytes of a pickle, not instructions, are passed over: here the limit is the ratio.
    const long = Buffer.concat([
      pickle(`\x8e\0\0\0\x10\0\0\0\0`),
      Buffer.alloc(256 * 2 ** 20),
      Buffer.from('.'),
    ]);
    expect(messages(await read(deflateSync(long, { level: 9 }), 'a.joblib'))).toMatch(/unpacks to more/);
  });

  it('an array of more elements than any file could hold', async () => {
    const npy = Buffer.concat([
      Buffer.from('\x93NUMPY\x01\0', 'latin1'),
      Buffer.from([118, 0]),
      Buffer.from(
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2), }".padEnd(117),
      ),
      Buffer.from('\n'),
    ]);
    const summary = await read(npy, 'a.npy');
    expect(summary.complete).toBe(false);
    expect(messages(summary)).not.toBe('');
  });
});
