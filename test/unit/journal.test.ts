import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Fact } from '../../src/core/facts.ts';
import { formatFact, parseFact } from '../../src/journal/factFile.ts';
import { type FactDraft, Journal } from '../../src/journal/journal.ts';
import { isModelPath } from '../../src/journal/modelPath.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

let workspace: Workspace;
let folder: string;
let journal: Journal;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  folder = path.join(workspace.folder, '.modeltrail/journal');
  journal = new Journal(folder);
});
afterEach(() => workspace.remove());

const by = { name: 'Ada', email: 'ada@example.com' };
const version = sha256('x');
const tagged = (tag: string): FactDraft => ({ kind: 'tagged', by, model: 'm.pt', version, tag });
const all = async (from = journal) => from.read(await from.list());

describe('the journal', () => {
  it('is empty, and makes no folder, until something is written', async () => {
    expect(await all()).toEqual({ facts: [], problems: [] });
    await expect(readdir(path.join(workspace.folder, '.modeltrail'))).rejects.toThrow('ENOENT');
  });

  it('gives back every kind of fact as it was written', async () => {
    const drafts: FactDraft[] = [
      {
        kind: 'recorded',
        by,
        model: 'we ird \'" é😀/m.pt',
        version,
        size: 2 ** 40,
        number: 1,
        message: 'two\nlines',
        metrics: { f1: 0.1 + 0.2, worst: -Infinity, best: Infinity, lost: NaN },
        params: { lr: 3e-4, optimizer: 'adam', amp: true, seed: null },
        provenance: { commit: 'abcdef0', branch: 'main', dirty: true, parent: sha256('y') },
      },
      { kind: 'recorded', by: { name: '' }, model: 'm.pt', version, size: 0, number: 2 },
      tagged('champion'),
      { kind: 'staged', by, model: 'm.pt', version, stage: 'production' },
      { kind: 'untagged', by, model: 'm.pt', version, tag: 'champion' },
      { kind: 'unstaged', by, model: 'm.pt', version, stage: 'production' },
      { kind: 'noted', by, model: 'm.pt', version, note: '' },
      { kind: 'measured', by, model: 'm.pt', version, metrics: { loss: 1 }, params: {} },
      { kind: 'rolledBack', by, model: 'm.pt', version, from: null },
      { kind: 'undone', by, model: 'm.pt', undoes: '01M7YAHPN5N264JYA6VK9AEHDT' },
    ];
    const written = [];
    for (const draft of drafts) written.push(await journal.append(draft));
    const { facts, problems } = await all(new Journal(folder));
    expect(problems).toEqual([]);
    expect(facts).toEqual(written);
    for (const [index, { fact }] of facts.entries()) expect(fact).toMatchObject(drafts[index] ?? {});
  });

  it('writes text that a person can read, named after the month', async () => {
    const { name, fact } = await new Journal(folder, {
      now: () => new Date('2026-11-30T23:59:59.999Z'),
    }).append(tagged('a'));
    expect(name).toBe(`2026-11/${fact.id}.json`);
    expect(fact.time).toBe('2026-11-30T23:59:59.999Z');
    const text = await readFile(path.join(folder, name), 'utf8');
    expect(text).toMatch(
      /^\{\n  "modeltrail": 1,\n  "time": "2026-11-30T23:59:59.999Z",\n  "kind": "tagged"/,
    );
    expect(text.endsWith('}\n')).toBe(true);
  });

  it('keeps the order within a millisecond and when the clock is set back', async () => {
    const times = [5_000, 5_000, 4_000, 5_000, 6_000];
    const clocked = new Journal(folder, { now: () => new Date(times.shift() ?? 7_000) });
    const tags = ['a', 'b', 'c', 'd', 'e'];
    for (const tag of tags) await clocked.append(tagged(tag));
    const { facts } = await all();
    expect(facts.map(({ fact }) => fact.kind === 'tagged' && fact.tag)).toEqual(tags);
  });

  it('loses nothing when many write at once', async () => {
    const others = Array.from({ length: 10 }, () => new Journal(folder));
    await Promise.all(
      others.flatMap((other, index) => [
        other.append(tagged(`a${index}`)),
        other.append(tagged(`b${index}`)),
      ]),
    );
    expect((await all()).facts).toHaveLength(20);
  });

  it('passes over kinds, keys and files that it does not know', async () => {
    const { name } = await journal.append(tagged('a'));
    const [month = ''] = name.split('/');
    const text = await readFile(path.join(folder, name), 'utf8');
    await writeFile(path.join(folder, name), text.replace('{', '{"colour": "red",'));
    const put = (file: string, content: string) => writeFile(path.join(folder, month, file), content);
    await put('01M7YAHPN5N264JYA6VK9AEHDT.json', '{"modeltrail": 1, "kind": "painted"}');
    await put('01M7YAHPN5N264JYA6VK9AEHDV.json', '{"modeltrail": 1, "kind": "toString"}');
    await put('README.md', 'hello');
    await put('.01M7YAHPN5N264JYA6VK9AEHDT.json.1-0123456789ab.modeltrail-tmp', '{');
    await mkdir(path.join(folder, month, '01M7YAHPN5N264JYA6VK9AEHDW.json'));
    await mkdir(path.join(folder, 'elsewhere'));
    const { facts, problems } = await all();
    expect(facts.map(({ fact }) => fact.kind)).toEqual(['tagged']);
    expect(facts[0]?.fact).not.toHaveProperty('colour');
    expect(problems).toEqual([]);
  });

  const entry = {
    modeltrail: 1,
    time: '2026-11-21T05:51:26.885Z',
    by,
    model: 'm.pt',
    kind: 'tagged',
    version,
    tag: 'a',
  };
  it.each<[what: string, text: string, message: string]>([
    ['empty', '', 'JSON'],
    ['cut off', JSON.stringify(entry).slice(0, -20), 'JSON'],
    ['no object', '[1, 2]', 'does not say what it is'],
    ['from the future', JSON.stringify({ ...entry, modeltrail: 2 }), 'newer version'],
    ['huge', JSON.stringify({ ...entry, tag: 'x'.repeat(2 << 20) }), 'larger than 1 MB'],
    [
      'with a metric that is no number',
      JSON.stringify({ ...entry, kind: 'measured', metrics: { f1: 'x' } }),
      'but received "x"',
    ],
    ['with a list of metrics', JSON.stringify({ ...entry, kind: 'measured', metrics: [1] }), 'metrics: '],
    ['without a tag', JSON.stringify({ ...entry, tag: undefined }), 'tag: '],
    ['with a bad id', JSON.stringify({ ...entry, version: '../../etc/passwd' }), 'version: not a SHA-256'],
    ['with a bad time', JSON.stringify({ ...entry, time: '2026-13-41T05:51:26.885Z' }), 'time: not a time'],
    ['with an absolute path', JSON.stringify({ ...entry, model: '/etc/passwd' }), 'not a path inside'],
    ['with a path outside', JSON.stringify({ ...entry, model: 'a/../../b' }), 'not a path inside'],
    [
      'with too many files',
      JSON.stringify({
        ...entry,
        kind: 'recorded',
        size: 1,
        number: 1,
        externalData: Object.fromEntries(Array.from({ length: 10_001 }, (_, name) => [name, entry.version])),
      }),
      'externalData: ',
    ],
    [
      'with too many rollbacks',
      JSON.stringify({
        ...entry,
        kind: 'rolledBack',
        from: null,
        together: Array.from({ length: 10_001 }, () => '01M7YAHPN5N264JYA6VK9AEHDT'),
      }),
      'together: ',
    ],
    [
      'with a path into Git',
      JSON.stringify({ ...entry, model: '.git/hooks/pre-commit' }),
      'not a path inside',
    ],
  ])('reports an entry that is %s, leaves it there, and reads the others', async (_, text, message) => {
    const good = await journal.append(tagged('good'));
    const name = '2026-11/01M7YAHPN5N264JYA6VK9AEHDT.json';
    await mkdir(path.join(folder, '2026-11'), { recursive: true });
    await writeFile(path.join(folder, name), text);
    const { facts, problems } = await all();
    expect(facts).toEqual([good]);
    expect(problems).toEqual([{ name, message: expect.stringContaining(message) }]);
    expect(await readFile(path.join(folder, name), 'utf8')).toBe(text);
  });

  it('reads nothing outside its folder, and does not mind a file that has gone', async () => {
    await writeFile(path.join(workspace.folder, 'secret.json'), '{}');
    expect(await journal.read(['../../secret.json', '2026-11/01M7YAHPN5N264JYA6VK9AEHDT.json'])).toEqual({
      facts: [],
      problems: [],
    });
  });

  it('does not write what it could not read again', async () => {
    for (const draft of [
      { ...tagged('a'), model: '../x.pt' },
      { ...tagged('a'), version: 'HEAD' },
      tagged(''),
      { kind: 'noted', by, model: 'm.pt', version, note: 'x'.repeat(1 << 20) },
    ] as FactDraft[]) {
      await expect(journal.append(draft)).rejects.toMatchObject({ code: 'usage' });
    }
    expect(await journal.list()).toEqual([]);
  });

  it('keeps metrics and params whatever they are called, and lets none of them change anything', () => {
    const values = '{"__proto__": 1, "constructor": 2, "prototype": 3, "toString": "inf"}';
    const text = JSON.stringify({ ...entry, kind: 'measured', metrics: 0, params: 1 })
      .replace('"metrics":0', `"metrics":${values}`)
      .replace('"params":1', `"params":${values}`);
    const fact = parseFact('01M7YAHPN5N264JYA6VK9AEHDT', text);
    if (fact?.kind !== 'measured') throw new Error('This is no metrics fact.');
    const { metrics = {}, params = {} } = fact;
    const numbers = [
      ['__proto__', 1],
      ['constructor', 2],
      ['prototype', 3],
    ];
    expect(Object.entries(metrics)).toEqual([...numbers, ['toString', Infinity]]);
    expect(Object.entries(params)).toEqual([...numbers, ['toString', 'inf']]);
    expect(Object.getPrototypeOf(metrics)).toBe(Object.prototype);
    expect(parseFact(fact.id, formatFact(fact))).toEqual(fact);
  });

  it('gives back any numbers and texts', () => {
    const text = fc.string({ unit: 'binary' });
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.double()),
        fc.dictionary(text, fc.oneof(text, fc.boolean())),
        text,
        (metrics, params, note) => {
          // JSON has no -0.
          for (const [name, value] of Object.entries(metrics)) metrics[name] = value + 0;
          const base = {
            id: '01M7YAHPN5N264JYA6VK9AEHDT',
            time: entry.time,
            by: { name: note },
            model: 'm',
            version,
          };
          const measured: Fact = {
            ...base,
            kind: 'measured',
            metrics: { ...metrics },
            params: { ...params },
          };
          const noted: Fact = { ...base, kind: 'noted', note };
          for (const fact of [measured, noted]) expect(parseFact(base.id, formatFact(fact))).toEqual(fact);
        },
      ),
    );
  });
});

describe('the path of a model', () => {
  it.each(['m.pt', 'a/b c/é😀.onnx', '.hidden/m.pt', '.../a..b/m.pt', '.gitignore', 'git/m.pt', 'a\\b.pt'])(
    'can be %s',
    (path) => {
      expect(isModelPath(path)).toBe(true);
    },
  );
  it.each([
    '',
    '/m.pt',
    '\\m.pt',
    '//host/m.pt',
    'C:/m.pt',
    'c:m.pt',
    '..',
    '../m.pt',
    'a/../m.pt',
    'a\\..\\..\\m.pt',
    'a//b',
    './a',
    'a/',
    '.git/config',
    'sub/.GIT/hooks/x',
    '.git. /x',
    '.git.../x',
    '.. /x',
    '. ./x',
    'a/ /x',
    'git~1/x',
    '.modeltrail/journal/x',
    'a\0b',
  ])('cannot be %j', (path) => {
    expect(isModelPath(path)).toBe(false);
  });
});
