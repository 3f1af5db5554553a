import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from '../test/harness/paths.ts';

/** The extension as it is shipped, and what the benches run inside the editor, built into a folder of their own. */
export interface Built {
  /** For the editor to load. */
  readonly extension: string;
  readonly cli: string;
  /** What runs in the engine's process. */
  readonly engine: string;
  /** The bundle of a script of bench/. */
  script(name: string): string;
}

/** Leaves the `dist/` of the working tree alone, which tests may be using. */
export async function buildProduction(folder: string): Promise<Built> {
  mkdirSync(folder, { recursive: true });
  for (const name of ['package.json', 'package.nls.json', 'media'])
    cpSync(path.join(repositoryRoot, name), path.join(folder, name), { recursive: true });
  for (const name of ['src', 'node_modules'])
    symlinkSync(path.join(repositoryRoot, name), path.join(folder, name), 'junction');
  execFileSync(process.execPath, [path.join(repositoryRoot, 'esbuild.js'), '--production'], { cwd: folder });

  const dist = path.join(folder, 'dist');
  const scripts = {
    openTrail: 'bench/openTrail.ts',
    activate: 'bench/inEditor/activate.ts',
    stall: 'bench/inEditor/stall.ts',
  };
  await build({
    absWorkingDir: repositoryRoot,
    entryPoints: scripts,
    entryNames: 'bench-[name]',
    outdir: dist,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['vscode'],
    // As in esbuild.js: sql-wasm.wasm lies beside the bundle.
    define: { 'import.meta.dirname': '__dirname' },
    logLevel: 'warning',
  });
  return {
    extension: folder,
    cli: path.join(dist, 'cli.js'),
    engine: path.join(dist, 'engine.cjs'),
    script: (name) => path.join(dist, `bench-${name}.cjs`),
  };
}
