// Bundles the extension, its engine, its webviews, the command line and the editor test suite into dist/.
// `--production` minifies and leaves the tests out; `--watch` rebuilds on change.
import { build, context } from 'esbuild';
import { copyFile, mkdir, rm, writeFile } from 'node:fs/promises';

const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');

const common = {
  bundle: true,
  minify: production,
  sourcemap: production ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
};
// Node 20 is what the oldest supported command line runs on; the editor's own Node is newer.
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // CommonJS has no import.meta; what lies beside a bundle (sql-wasm.wasm) is found by this.
  define: { 'import.meta.dirname': '__dirname' },
};

/** Each file that imports the editor's interface would else make a copy of its hundreds of names: 0.25 ms, seventy times, at every start. */
const vscodeOnce = {
  name: 'vscode-once',
  setup({ onResolve, onLoad }) {
    const namespace = 'vscode-once';
    onResolve({ filter: /^vscode$/ }, ({ namespace: importer }) =>
      importer === namespace ? { path: 'vscode', external: true } : { path: 'vscode', namespace },
    );
    onLoad({ filter: /./, namespace }, () => ({ contents: "export * from 'vscode';" }));
  },
};

const bundles = [
  {
    ...node,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
    plugins: [vscodeOnce],
  },
  {
    ...node,
    entryPoints: {
      engine: 'src/engine/main.ts',
      hashThread: 'src/files/hashThread.ts',
      decodeThread: 'src/store/decodeThread.ts',
    },
    outdir: 'dist',
    outExtension: { '.js': '.cjs' },
  },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, outdir: 'dist', banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: {
      compare: 'src/webview/compare/main.tsx',
      diff: 'src/webview/diff/main.tsx',
      inspect: 'src/webview/inspect/main.tsx',
    },
    outdir: 'dist/webview',
  },
];

if (!production) {
  bundles.push({
    ...node,
    entryPoints: { index: 'test/editor/index.ts' },
    outdir: 'dist/test',
    outExtension: { '.js': '.cjs' },
    external: ['vscode', 'mocha'],
  });
}

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
// The package is ESM, its bundles are CommonJS: this is what tells Node so for dist/cli.js.
await writeFile('dist/package.json', '{ "type": "commonjs" }\n');
await copyFile('node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm');
if (watch) {
  for (const options of bundles) await (await context(options)).watch();
} else {
  await Promise.all(bundles.map((options) => build(options)));
}
