// What `npm test` runs: every check, suite and screen, in order. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from './harness/paths.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

const windows = process.platform === 'win32';
// Also when started without npm: the tools, and the Node.js, of this project.
const binaries = path.join(repositoryRoot, 'node_modules/.bin');
const env = { ...process.env, NO_COLOR: '1', PATH: `${binaries}${path.delimiter}${process.env['PATH']}` };

/** Runs a command and returns what it printed; it also prints that when the command failed. */
function run(command: string): Promise<{ ok: boolean; output: string }> {
  return new Promise((resolve) => {
    const [program = '', ...args] = command.split(' ');
    const child = spawn(program, args, { cwd: repositoryRoot, env, shell: windows });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data: Buffer) => (output += data.toString()));
    child.once('error', (error) => (output += error.message));
    child.once('close', (code) => {
      if (code !== 0) console.log(output.trimEnd());
      resolve({ ok: code === 0, output });
    });
  });
}

async function check(command: string): Promise<Count> {
  const { ok } = await run(command);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** @param workers files at once */
async function vitest(project: string, workers: number): Promise<Count> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mt-run-'));
  try {
    const file = path.join(folder, 'result.json');
    const reporters = `--reporter=default --reporter=json --outputFile.json=${file}`;
    const { ok } = await run(`vitest run --project ${project} --maxWorkers=${workers} ${reporters}`);
    const report = await readFile(file, 'utf8').catch(() => '{}');
    const result = JSON.parse(report) as { numPassedTests?: number; numFailedTests?: number };
    return withOutcome({ passed: result.numPassedTests ?? 0, failed: result.numFailedTests ?? 0 }, ok);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function editorSuite(): Promise<Count> {
  const { ok, output } = await run('node test/harness/runEditorSuite.ts');
  const [, passed, failed] = /^editor: (\d+) passed, (\d+) failed$/m.exec(output) ?? [];
  return withOutcome({ passed: Number(passed ?? 0), failed: Number(failed ?? 0) }, ok);
}

const notRun: Count = { passed: 0, failed: 1 };

/** A suite that could not even run counts as one failure. */
function withOutcome(count: Count, ok: boolean): Count {
  return ok || count.failed > 0 ? count : { ...count, failed: 1 };
}

/** The title, what to run, and the stage without which it makes no sense. */
const stages: readonly (readonly [string, () => Promise<Count>, string?])[] = [
  ['Lint', () => check('oxlint')],
  ['Format', () => check('oxfmt --check')],
  ['Types', () => check('tsc --noEmit')],
  ['Build', () => check('node esbuild.js')],
  ['Unit tests', () => vitest('unit', availableParallelism())],
  // They wait for the disk and for each other most of the time.
  ['Kill tests', () => vitest('kill', 6)],
  ['Tests in the editor', editorSuite, 'Build'],
  ['Package', () => check('npm run --silent package')],
  ['Screens', () => vitest('screens', 1), 'Package'],
];

const total = { passed: 0, failed: 0 };
const broken = new Set<string>();
for (const [title, stage, needed] of stages) {
  const start = performance.now();
  console.log(`== ${title}`);
  const { passed, failed } = needed !== undefined && broken.has(needed) ? notRun : await stage();
  if (failed > 0) broken.add(title);
  total.passed += passed;
  total.failed += failed;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`   ${passed} ok${failed > 0 ? `, ${failed} FAILED` : ''} (${seconds} s)`);
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
