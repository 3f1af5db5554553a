import * as fc from 'fast-check';
import picomatch from 'picomatch';
import { expect, it } from 'vitest';
import { defaultExclude, defaultInclude } from '../../src/core/defaultPatterns.ts';
import { anyOf } from '../../src/core/globs.ts';

const words = [
  'model',
  'Model',
  'a',
  '.git',
  'node_modules',
  'x.mlpackage',
  'Manifest.json',
  'onnx.data',
  'b c',
  '.pt',
  'é',
];
const endings = ['', '.pt', '.PT', '.onnx', '.onnx.data', '.ptx', 'pt', '.'];
const name = fc
  .tuple(fc.constantFrom(...words), fc.constantFrom(...endings))
  .map(([word, ending]) => word + ending);
const somePath = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
const glob = fc.oneof(
  fc.constantFrom(...defaultInclude, ...defaultExclude),
  fc.constantFrom(
    '**/*',
    '*',
    'models/**',
    '*.pt',
    '**/m*.pt',
    '**/{a,model}.pt',
    '**/*.{pt,onnx}',
    '**/{a,*.}{PT,pt}',
    '**/x{1..3}.pt',
    '{a,b c}/*',
    '**/{a}',
    '**/{metrics,*.metrics}.{json,yaml}',
    '**/*model',
    '**/*.mlpackage/**',
    '!**/a',
    '**/**',
  ),
  somePath.map((path) => `**/${path}`),
  somePath.map((path) => `**/${path}/**`),
  somePath.map((path) => `**/*${path}`),
);

it('matches what each glob by itself matches', () => {
  fc.assert(
    fc.property(fc.array(glob, { maxLength: 5 }), somePath, fc.boolean(), (globs, path, nocase) => {
      expect(anyOf(globs, { nocase })(path)).toBe(picomatch(globs, { dot: true, nocase })(path));
    }),
    { numRuns: 5_000 },
  );
});

it('takes a dot for a dot', () => {
  const isModel = anyOf(defaultInclude, { nocase: true });
  expect(
    ['m.pt', 'a/M.ONNX.data', '.pt', 'a/MLmodel', 'x.mlpackage/Manifest.json'].filter(isModel),
  ).toHaveLength(5);
  expect(['mxpt', 'a/m.pt.bak', 'm.pt/notes.txt', 'aMLmodel', 'Manifest.json'].filter(isModel)).toEqual([]);
});
