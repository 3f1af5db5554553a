import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, truncateSync, utimesSync, watch } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeTestRepository } from '../harness/testRepository.ts';
import { repositoryRoot } from '../harness/paths.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

// The built command line as a process of its own, as a shell starts it.

const program = path.join(repositoryRoot, 'dist/cli.js');
const model = 'models/tiny.safetensors';

let workspace: Workspace;
beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run build makes it.`);
});
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
  makeTestRepository(workspace.folder);
});
afterEach(() => workspace.remove());

function start(...args: string[]) {
  return spawn(process.execPath, [program, ...args], { cwd: workspace.folder });
}

function ended(
  file: string,
  args: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(file, args, { cwd: workspace.folder }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr }),
    );
  });
}

const modeltrail = (...args: string[]) => ended(process.execPath, [program, ...args]);

describe('the modeltrail program', () => {
  it('walks the whole way on a real repository', async () => {
    const recorded = await modeltrail('record', model, '-m', 'kept', '--json');
    expect(recorded).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(recorded.stdout)).toMatchObject({
      version: { name: 'v1', message: 'kept', metrics: { f1: 0.9 }, sources: ['recorded', 'git'] },
      metricsFile: 'models/metrics.json',
    });
    const before = workspace.read(model);
    expect(await modeltrail('rollback', 'HEAD~1', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(workspace.read(model).equals(before)).toBe(false);
    expect(await modeltrail('undo', '--yes')).toMatchObject({ code: 0, stderr: '' });
    expect(workspace.read(model).equals(before)).toBe(true);
    expect(await modeltrail('diff', 'HEAD~1', 'v1', '--exit-code')).toMatchObject({ code: 1, stderr: '' });
    expect(await modeltrail('verify')).toMatchObject({ code: 0, stderr: '' });
  });

  it.skipIf(process.platform === 'win32')(
    'says in a sentence what it has too little of, or not at all',
    async () => {
      const node = `"${process.execPath}" "${program}"`;
      const gone = await ended('sh', ['-c', `mkdir gone && cd gone && rmdir ../gone && ${node} status`]);
      expect(gone).toMatchObject({ code: 3, stderr: expect.stringMatching(/^The current directory.*\n$/) });
      // Enough for Node.js, which has some 22 open, and not for the pipes of a process.
      const crowded = await ended('sh', ['-c', `ulimit -n 26 && ${node} verify`]);
      expect(crowded.stderr).toMatch(/^(modeltrail: .*Too many files are open.*\n)+$/);
    },
  );

  it('ends with the exit codes of its documentation', async () => {
    expect(await modeltrail('--version')).toMatchObject({ code: 0 });
    expect(await modeltrail('staus')).toMatchObject({ code: 2, stdout: '' });
    expect(await modeltrail('show', 'v9')).toMatchObject({ code: 3, stdout: '' });
    // There is no terminal here to ask on.
    const refused = await modeltrail('rollback', 'HEAD~1');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('--yes');
  });

  it('does not complain when the reader of its output has read enough', async () => {
    const child = start('--help');
    child.stdout.destroy();
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect({ stderr, code: code as unknown }).toEqual({ stderr: '', code: 0 });
  });

  it.runIf(existsSync('/dev/full'))('says in one line that its output cannot be written', async () => {
    const command = [process.execPath, program, 'inspect', 'models', model, '--json'];
    const { code, stderr } = await ended('sh', ['-c', 'exec "$@" > /dev/full', 'sh', ...command]);
    expect(stderr).toMatch(/^modeltrail: The output cannot be written: .*ENOSPC.*\n$/);
    expect(code).toBe(3);
  });

  it('stops at Ctrl-C, and leaves nothing half done', async () => {
    const large = 'models/large.pt';
    workspace.write(large, '');
    // Sparse: a gigabyte to read, nothing on disk.
    truncateSync(path.join(workspace.folder, large), 1024 ** 3);
    utimesSync(path.join(workspace.folder, large), 0, 0);
    const beingWritten = path.join(workspace.folder, '.git/modeltrail/tmp');
    mkdirSync(beingWritten, { recursive: true });
    const watcher = watch(beingWritten);
    const child = start('record', large, '--json');
    const output = text(child.stdout);
    await once(watcher, 'change');
    watcher.close();
    child.kill('SIGINT');
    const [code] = await once(child, 'exit');
    expect(code).toBe(130);
    expect(JSON.parse(await output)).toMatchObject({ error: { code: 'cancelled' } });
    expect(readdirSync(beingWritten)).toEqual([]);
    expect(existsSync(path.join(workspace.folder, '.modeltrail/journal'))).toBe(false);
  });
});
