import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { repositoryRoot } from '../harness/paths.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

// The built command line, as Git calls it.

const program = path.join(repositoryRoot, 'dist/cli.js');
const pair = ['base', 'tuned'].map((name) =>
  readFileSync(path.join(repositoryRoot, `test/fixtures/diff/${name}.safetensors`)),
);

let workspace: Workspace;
let environment: NodeJS.ProcessEnv;
beforeAll(() => {
  if (!existsSync(program)) throw new Error(`${program} is not there: npm run build makes it.`);
});
beforeEach(() => {
  workspace = makeWorkspace();
  const home = path.join(workspace.folder, 'home');
  mkdirSync(home);
  environment = { ...process.env, HOME: home, XDG_CONFIG_HOME: path.join(home, '.config') };
  workspace.write('models/net.safetensors', pair[0] ?? '');
  workspace.commit('base');
  workspace.write('models/net.safetensors', pair[1] ?? '');
});
afterEach(() => workspace.remove());

function run(command: string, args: readonly string[], directory = workspace.folder): string {
  return execFileSync(command, args, { cwd: directory, env: environment, encoding: 'utf8', stdio: 'pipe' });
}
const modeltrail = (...args: string[]): string => run(process.execPath, [program, ...args]);
const gitDiff = (directory?: string): string => run('git', ['diff'], directory);

describe('modeltrail git install', () => {
  it('shows what is inside model files, in every folder of the repository', () => {
    expect(gitDiff()).toMatch(/^Binary files/m);
    modeltrail('git', 'install');
    for (const directory of [workspace.folder, path.join(workspace.folder, 'models')]) {
      const shown = gitDiff(directory);
      expect(shown).toMatch(/^-\s+layers\.1\.weight: F32 \[24, 32\]/m);
      expect(shown).toMatch(/^\+\s+layers\.1\.weight: BF16 \[24, 32\]/m);
      expect(shown).not.toMatch(/^[-+].*embed\.weight/m);
    }
    expect(workspace.git('status', '--porcelain')).not.toContain('.gitattributes');
  });

  it('twice is the same as once, and keeps what others have set', () => {
    const attributes = path.join(workspace.folder, '.git/info/attributes');
    mkdirSync(path.dirname(attributes), { recursive: true });
    workspace.write('.git/info/attributes', '*.png binary');
    modeltrail('git', 'install');
    const once = readFileSync(attributes, 'utf8');
    modeltrail('git', 'install');
    expect(readFileSync(attributes, 'utf8')).toBe(once);
    const undone = JSON.parse(modeltrail('git', 'uninstall', '--json')) as unknown;
    expect(undone).toMatchObject({ installed: false, scope: 'local', command: null });
    expect(readFileSync(attributes, 'utf8')).toBe('*.png binary\n');
    expect(gitDiff()).toMatch(/^Binary files/m);
    modeltrail('git', 'uninstall');
  });

  it('--global works in all repositories of the user, and touches none', () => {
    modeltrail('git', 'install', '--global');
    expect(gitDiff()).toMatch(/^\+\s+layers\.1\.weight: BF16/m);
    expect(workspace.git('config', '--local', '--list')).not.toContain('modeltrail');
    modeltrail('git', 'uninstall', '--global');
    expect(gitDiff()).toMatch(/^Binary files/m);
    expect(existsSync(path.join(workspace.folder, 'home/.config/git/attributes'))).toBe(false);
  });

  it('--global writes through a link to where the settings are kept', () => {
    workspace.write('dotfiles/attributes', '*.png binary\n');
    const settings = path.join(workspace.folder, 'home/.config/git');
    mkdirSync(settings, { recursive: true });
    symlinkSync(path.join(workspace.folder, 'dotfiles/attributes'), path.join(settings, 'attributes'));
    modeltrail('git', 'install', '--global');
    expect(workspace.read('dotfiles/attributes').toString()).toContain('diff=modeltrail');
    modeltrail('git', 'uninstall', '--global');
    expect(workspace.read('dotfiles/attributes').toString()).toBe('*.png binary\n');
  });

  it('shows of a damaged file what can be read, and of a pointer the object', () => {
    modeltrail('git', 'install');
    workspace.write('models/net.safetensors', (pair[1] ?? Buffer.alloc(0)).subarray(0, 300));
    expect(gitDiff()).toMatch(/^\+complete: no/m);
    const id = workspace.write('home/object', pair[1] ?? '');
    workspace.write(`.git/lfs/objects/${id.slice(0, 2)}/${id.slice(2, 4)}/${id}`, pair[1] ?? '');
    const size = pair[1]?.length ?? 0;
    workspace.write(
      'models/net.safetensors',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${id}\nsize ${size}\n`,
    );
    expect(gitDiff()).toMatch(/^\+\s+layers\.1\.weight: BF16/m);
  });

  it('without Git says how to get it, also where nothing was set before', () => {
    environment = { ...environment, PATH: path.join(workspace.folder, 'nowhere') };
    for (const scope of [[], ['--global']])
      for (const action of ['install', 'uninstall'])
        expect(() => modeltrail('git', action, ...scope)).toThrow(
          /The Git program git was not found\. Install/,
        );
  });

  it('outside a repository says so', () => {
    expect(() => run(process.execPath, [program, '-C', '/', 'git', 'install'])).toThrow(
      /not a git repository/i,
    );
  });
});
