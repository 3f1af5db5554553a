import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchVersions, parseReference, tagProblem } from '../../src/core/references.ts';
import type { CommitSighting, Version } from '../../src/core/versions.ts';

function makeVersion(version: Partial<Version>): Version {
  return {
    model: 'm.pt',
    id: '0'.repeat(64),
    size: 1,
    time: '',
    by: { name: '' },
    message: '',
    metrics: {},
    params: {},
    tags: [],
    sources: ['recorded'],
    sightings: [],
    ...version,
  };
}
const seenIn = (commit: string): CommitSighting => ({
  commit,
  subject: '',
  author: { name: '' },
  time: '',
  path: 'm.pt',
  blob: '',
  lfs: false,
});
const parse = (text: string, ...models: string[]) => parseReference(text, new Set(models));

describe('a reference', () => {
  it('is a model, a version of a model, or a version', () => {
    expect(parse('a/m.pt', 'a/m.pt')).toEqual({ model: 'a/m.pt' });
    expect(parse('a/m.pt@v4', 'a/m.pt')).toEqual({ model: 'a/m.pt', selector: 'v4' });
    expect(parse('a/m.pt@@production', 'a/m.pt')).toEqual({ model: 'a/m.pt', selector: '@production' });
    expect(parse('a/m.pt@main@{1}', 'a/m.pt')).toEqual({ model: 'a/m.pt', selector: 'main@{1}' });
    expect(parse('v4', 'a/m.pt')).toEqual({ selector: 'v4' });
    expect(parse('@production', 'a/m.pt')).toEqual({ selector: '@production' });
    expect(parse('other.pt@v4', 'a/m.pt')).toEqual({ selector: 'other.pt@v4' });
    expect(parse('', 'a/m.pt')).toEqual({ selector: '' });
    expect(parse('@', 'a/m.pt')).toEqual({ selector: '@' });
  });

  it('means the longer of two models whose names begin alike', () => {
    expect(parse('m@2.pt@v1', 'm', 'm@2.pt')).toEqual({ model: 'm@2.pt', selector: 'v1' });
    expect(parse('m@2.pt', 'm', 'm@2.pt')).toEqual({ model: 'm@2.pt' });
    expect(parse('m@v1', 'm', 'm@2.pt')).toEqual({ model: 'm', selector: 'v1' });
  });

  it('is understood whatever the models are called', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', 'b', '@', '/', '.', ' ', '😀'),
      minLength: 1,
      maxLength: 6,
    });
    const selector = fc.string({ minLength: 1 }).filter((text) => !text.includes('@'));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1 }), selector, (models, selector) => {
        const known = new Set(models);
        for (const model of models) {
          const text = `${model}@${selector}`;
          expect(parseReference(model, known)).toEqual({ model });
          expect(parseReference(text, known)).toEqual(
            known.has(text) ? { model: text } : { model, selector },
          );
        }
      }),
    );
  });
});

describe('the versions that a selector means', () => {
  const first = makeVersion({
    id: `abcd${'1'.repeat(60)}`,
    number: 1,
    tags: ['champion', 'beef', 'production'],
    stage: 'retired',
  });
  const second = makeVersion({
    id: `abce${'2'.repeat(60)}`,
    number: 2,
    stage: 'production',
    sightings: [seenIn(`beef${'3'.repeat(36)}`)],
  });
  const git = makeVersion({
    id: `abce${'4'.repeat(60)}`,
    sightings: [seenIn(`1234${'5'.repeat(36)}`), seenIn(`9999${'6'.repeat(36)}`)],
  });
  const versions = [git, second, first];
  it.each<[selector: string, what: string, expected: Version[]]>([
    ['v1', 'a number', [first]],
    ['V2', 'a number in capitals', [second]],
    ['v3', 'a number that is not there', []],
    ['champion', 'a tag', [first]],
    ['beef', 'a tag rather than a commit', [first]],
    ['beef3', 'a commit', [second]],
    ['production', 'a tag rather than a stage', [first]],
    ['@production', 'a stage rather than a tag', [second]],
    ['retired', 'a stage', [first]],
    ['@champion', 'no stage', []],
    ['abcd', 'a content', [first]],
    ['ABCD', 'a content in capitals', [first]],
    ['abce', 'two contents', [git, second]],
    ['abc', 'too few letters of a content', []],
    ['9999', 'the second commit of a content', [git]],
    [git.id, 'a whole content', [git]],
    ['', 'nothing', []],
    ['@', 'nothing', []],
    ['HEAD', 'left to Git', []],
    ['.*', 'no pattern', []],
  ])('%j is %s', (selector, _, expected) => {
    expect(matchVersions(selector, versions)).toEqual(expected);
  });

  it('include the one that is named by its number, its tag, its content or its commit', () => {
    const hex = (length: number) =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
    const tag = fc
      .string({ unit: fc.constantFrom(...'vab1.-/'), minLength: 1, maxLength: 6 })
      .filter((name) => !tagProblem(name));
    const entry = fc.record({ id: hex(64), tag, commit: hex(40) });
    const entries = fc.uniqueArray(entry, { selector: ({ tag }) => tag, minLength: 1 });
    fc.assert(
      fc.property(entries, fc.integer({ min: 7, max: 40 }), (entries, length) => {
        const versions = entries.map(({ id, tag, commit }, index) =>
          makeVersion({ id, number: index + 1, tags: [tag], sightings: [seenIn(commit)] }),
        );
        for (const version of versions) {
          expect(matchVersions(`v${version.number}`, versions)).toEqual([version]);
          expect(matchVersions(version.tags[0] ?? '', versions)).toEqual([version]);
          expect(matchVersions(version.id.slice(0, length), versions)).toContain(version);
          expect(matchVersions(version.sightings[0]?.commit.slice(0, length) ?? '', versions)).toContain(
            version,
          );
        }
      }),
    );
  });
});

describe('the name of a tag', () => {
  it.each(['v1.2.0', 'champion', 'best/lr=3e-4', 'été', '最佳', 'v1-rc', '1', 'lock'])(
    'can be %j',
    (name) => {
      expect(tagProblem(name)).toBeUndefined();
    },
  );
  it.each([
    ['', 'empty'],
    ['x'.repeat(101), 'tooLong'],
    ['v4', 'looksLikeNumber'],
    ['a b', 'characters'],
    ['m@v4', 'characters'],
    ['-m', 'characters'],
    ['a/../b', 'characters'],
    ['a.lock/b', 'characters'],
    ['a\nb', 'characters'],
    ['a\u202eb', 'characters'],
  ])('cannot be %j: %s', (name, problem) => {
    expect(tagProblem(name)).toBe(problem);
  });

  it('is one that Git takes too', () => {
    const name = fc.string({
      unit: fc.constantFrom('a', '.', '/', '-', '.lock', '@', '{', '~', ' ', 'é', '=', '\\'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(name, (name) => {
        fc.pre(tagProblem(name) === undefined);
        expect(spawnSync('git', ['check-ref-format', `refs/tags/${name}`]).status).toBe(0);
      }),
    );
  });
});
