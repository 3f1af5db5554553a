// Compiles src/store/kernel/gear.c to WebAssembly and writes gear.wasm.ts, which is committed. Needs clang and lld (on Debian:
// `apt-get install clang lld`). `--check` writes nothing, and fails when the committed build is another.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const folder = path.join(import.meta.dirname, '..', 'src', 'store', 'kernel');
const target = path.join(folder, 'gear.wasm.ts');

function compile(): Buffer {
  const temporary = mkdtempSync(path.join(tmpdir(), 'kernel-'));
  try {
    const output = path.join(temporary, 'gear.wasm');
    // How much memory there is, is for those who bring it.
    const memory = ['--import-memory', '--shared-memory', `--max-memory=${2 ** 30}`];
    const linker = ['--no-entry', '--strip-all', '-z,stack-size=1024', ...memory];
    const compiler = ['--target=wasm32', '-msimd128', '-matomics', '-mbulk-memory', '-O3', '-nostdlib'];
    // By its name alone: a path would depend on the machine.
    const options = [...compiler, ...linker.map((option) => `-Wl,${option}`), '-o', output, 'gear.c'];
    execFileSync('clang', options, { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
    return readFileSync(output);
  } finally {
    rmSync(temporary, { recursive: true });
  }
}

const version = /version (\d+)/.exec(execFileSync('clang', ['--version'], { encoding: 'utf8' }))?.[1];
const text = `// Made by \`npm run kernel\` from gear.c, with clang ${version}.
export const gearWasm =
  '${compile().toString('base64')}';
`;
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (readFileSync(target, 'utf8') !== text) {
  console.error('src/store/kernel/gear.wasm.ts is not what gear.c compiles to. Run: npm run kernel');
  process.exitCode = 1;
}
