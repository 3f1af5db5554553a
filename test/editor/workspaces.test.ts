import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { tinySafetensors } from '../harness/testRepository.ts';
import { addFolder, changeFolders, removeFurtherFolders } from './folders.ts';
import {
  answering,
  closeEditors,
  extension,
  fileUri,
  model,
  modelRow,
  rows,
  run,
  until,
  versionRow,
  versionRows,
} from './support.ts';

describe('A damaged journal entry', () => {
  const file = () => fileUri('.modeltrail', 'journal', '2026-01', '01KDZZZZZZZZZZZZZZZZZZZZZZ.json');

  it('is a problem where it is, and the rest works', async () => {
    await mkdir(path.dirname(file().fsPath), { recursive: true });
    await writeFile(file().fsPath, '{ "kind": "recorded", "mod');
    const [problem] = await until(async () => {
      const found = vscode.languages.getDiagnostics(file());
      return found.length > 0 && found;
    }, 'a problem');
    assert.equal(problem?.source, 'Modeltrail');
    assert.ok(problem.message.length > 0);
    await versionRow('v1');

    await rm(file().fsPath);
    await until(async () => vscode.languages.getDiagnostics(file()).length === 0, 'no problem any more');
  });
});

describe('A second folder, without Git', () => {
  let plain: string;

  before(async () => {
    plain = await mkdtemp(path.join(tmpdir(), 'mt-plain-'));
    await writeFile(path.join(plain, 'other model.safetensors'), tinySafetensors([1]));
    await addFolder(plain, 'plain');
  });

  after(async () => {
    await removeFurtherFolders();
    // Its index may just be saved.
    await rm(plain, { recursive: true, force: true, maxRetries: 5 });
  });

  it('shows under a row of its own', async () => {
    const folders = await until(async () => {
      const found = await rows();
      return found.length === 2 && found.every((row) => row.node.kind === 'folder') && found;
    }, 'two folders');
    assert.equal(folders[1]?.label, 'plain');
    const other = await modelRow('other model.safetensors', folders[1].node);
    assert.equal((await extension()).models.getParent(other.node), other.node.parent);
    await modelRow('tiny.safetensors', folders[0]?.node);
  });

  it('stays open while it is refreshed', async () => {
    const { trail } = (await modelRow('other model.safetensors', (await rows())[1]?.node)).node;
    await run('refresh');
    assert.equal((await modelRow('other model.safetensors', (await rows())[1]?.node)).node.trail, trail);
  });

  it('is compared with the other one, versions as well as files', async () => {
    const folders = await rows();
    const other = await modelRow('other model.safetensors', folders[1]?.node);
    const first = await modelRow('tiny.safetensors', folders[0]?.node);
    const version = (await rows(first.node)).find(({ node }) => node.kind === 'version');
    assert.ok(version);
    await run('diffVersions', other.node, [other.node, version.node]);
    const label = await until(async () => {
      const found = vscode.window.tabGroups.activeTabGroup.activeTab?.label;
      return found?.includes('↔') && found;
    }, 'a diff panel');
    assert.match(label, /^tiny\.safetensors \S+ ↔ other model\.safetensors working copy$/);
    await closeEditors();
  });

  it('can have versions recorded all the same', async () => {
    const uri = vscode.Uri.file(path.join(plain, 'other model.safetensors'));
    assert.deepEqual(await readdir(plain), ['other model.safetensors'], 'looking must write nothing');
    const said = await answering({ inputs: [''] }, () => run('recordVersion', uri));
    assert.match(said.messages.join(), /Recorded other model\.safetensors as v1\. No metrics file/);
    assert.ok(existsSync(path.join(plain, '.modeltrail', 'journal')));
  });

  it('shows its history once there is one and the view is refreshed', async () => {
    const git = (...args: string[]) => execFileSync('git', args, { cwd: plain, stdio: 'ignore' });
    git('init');
    git('add', '*.safetensors');
    git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', 'commit', '--message', 'First');
    await run('refresh');
    await until(async () => {
      const other = await modelRow('other model.safetensors', (await rows())[1]?.node);
      const versions = await rows(other.node);
      return versions.some(({ node }) => node.kind === 'version' && node.version.sources.includes('git'));
    }, 'a version from Git');
  });
});

describe('A second folder with a damaged journal entry', () => {
  let second: string;

  before(async () => {
    second = await mkdtemp(path.join(tmpdir(), 'mt-damaged-'));
  });

  after(() => rm(second, { recursive: true, force: true, maxRetries: 5 }));

  it('has its problem as long as it is open', async () => {
    const file = path.join(second, '.modeltrail', 'journal', '2026-01', '01KDZZZZZZZZZZZZZZZZZZZZZZ.json');
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, '{');
    const problems = (): number => vscode.languages.getDiagnostics(vscode.Uri.file(file)).length;
    await addFolder(second, 'second');
    await until(async () => problems() === 1, 'a problem');
    await removeFurtherFolders();
    await until(async () => problems() === 0, 'no problem any more');
  });
});

describe('A second folder that is moved away', () => {
  let around: string;

  before(async () => {
    around = await mkdtemp(path.join(tmpdir(), 'mt-around-'));
    await mkdir(path.join(around, 'moved [1]'));
    await writeFile(path.join(around, 'moved [1]', 'other.safetensors'), tinySafetensors([1]));
    await addFolder(path.join(around, 'moved [1]'), 'moved');
    await until(async () => modelRow('other.safetensors', (await rows())[1]?.node), 'its model');
  });

  after(async () => {
    await removeFurtherFolders();
    await rm(around, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says so by itself, and has its models again when it is back', async () => {
    await rename(path.join(around, 'moved [1]'), path.join(around, 'elsewhere'));
    const failed = await until(async () => {
      const found = (await rows()).find((row) => row.node.kind === 'failed');
      return found !== undefined && found;
    }, 'a folder that failed');
    assert.match(failed.description, /^There is no folder .*moved \[1\]\.$/);
    await rename(path.join(around, 'elsewhere'), path.join(around, 'moved [1]'));
    await until(async () => modelRow('other.safetensors', (await rows())[1]?.node), 'its model again');
  });
});

describe('Two folders of one name that are not there', () => {
  const gone = (within: string) => ({
    uri: vscode.Uri.file(path.join(tmpdir(), within, 'models')),
    name: 'models',
  });

  before(() => changeFolders(0, gone('mt-one'), gone('mt-other')));

  after(() => removeFurtherFolders(2));

  it('say so, each in a row of its own', async () => {
    const failed = await until(async () => {
      const found = (await rows()).filter((row) => row.node.kind === 'failed');
      return found.length === 2 && found;
    }, 'two folders that failed');
    assert.equal(new Set(failed.map(({ item }) => item.id)).size, 2);
  });
});

describe('An untrusted workspace', () => {
  const isTrusted = Object.getOwnPropertyDescriptor(vscode.workspace, 'isTrusted');

  async function setTrusted(trusted: boolean): Promise<void> {
    Object.defineProperty(vscode.workspace, 'isTrusted', { configurable: true, get: () => trusted });
    // Any setting of ours has the trails opened anew, as the grant of trust does.
    const settings = vscode.workspace.getConfiguration('modeltrail');
    const exclude = settings.inspect<string[]>('exclude')?.defaultValue ?? [];
    await settings.update(
      'exclude',
      trusted ? undefined : [...exclude, '**/none/**'],
      vscode.ConfigurationTarget.Global,
    );
  }

  before(() => setTrusted(false));

  after(async () => {
    await setTrusted(true);
    if (isTrusted) Object.defineProperty(vscode.workspace, 'isTrusted', isTrusted);
    await until(async () => (await sources()).includes('git'), 'Git history is back');
  });

  it('shows what was recorded, without asking Git', async () => {
    await until(async () => !(await sources()).includes('git'), 'nothing from Git');
    await versionRow('v1');
    await versionRow('v2');
  });

  it('changes nothing, and says why', async () => {
    for (const command of ['recordVersion', 'tagVersion', 'setStage', 'rollBack', 'undoLastChange']) {
      const said = await answering({ inputs: ['x'], buttons: ['Roll Back', 'Undo'] }, () =>
        run(command, { model, version: 'v1' }),
      );
      assert.match(said.errors.join(), /In Restricted Mode Modeltrail only reads/, command);
      assert.deepEqual([said.modals, said.messages], [[], []], command);
    }
  });
});

/** Where the versions are known from. */
async function sources(): Promise<string[]> {
  return (await versionRows()).flatMap((row) => row.node.version.sources);
}
