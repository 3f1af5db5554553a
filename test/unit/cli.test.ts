import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { workspace, write } from '../support/trails.ts';
import { makeWorkspace, safetensors } from '../support/workspace.ts';

const model = 'models/churn.safetensors';

function train(name = model): string {
  return write(name, safetensors());
}

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

describe('looking', () => {
  it('shows the models with the state of their files, and the versions of each', async () => {
    const first = train();
    workspace.write('models/metrics.json', '{"f1": 0.8}');
    workspace.commit('Baseline');
    rmSync(path.join(workspace.folder, 'models/metrics.json'));
    train();
    train('other.onnx');
    await ok('record', model, '-m', 'Longer training', '--metric', 'f1=0.9', '--param', 'lr=3e-4');
    train();
    const { document } = await json('status');
    expect(document).toMatchObject({
      root: workspace.folder,
      git: 'found',
      models: [
        { path: model, working: { state: 'changed', version: null }, versions: 2, latest: { name: 'v1' } },
        { path: 'other.onnx', versions: 0, latest: null },
      ],
      problems: [],
    });
    expect(await ok('status')).toMatch(/^models\/churn\.safetensors +changed .* v1 .*Longer training$/m);

    const log = await json('log', model);
    expect(log.document['versions']).toMatchObject([
      {
        name: 'v1',
        message: 'Longer training',
        metrics: { f1: 0.9 },
        params: { lr: 0.0003 },
        sources: ['recorded'],
      },
      {
        id: first,
        number: null,
        message: 'Baseline',
        metrics: { f1: 0.8 },
        sources: ['git'],
        stage: null,
        note: null,
      },
    ]);
    expect((await ok('log', model)).split('\n')[0]).toMatch(/^v1 +[0-9a-f]{7} .*Longer training +f1=0\.9$/);
    expect(await ok('show', 'v1')).toMatch(/Parameters\n +lr +0\.0003/);
  });

  it('lists only the versions that a filter lets through', async () => {
    for (const f1 of [0.8, 0.95]) {
      train();
      await ok('record', model, '-m', `run at ${f1}`, '--metric', `f1=${f1}`);
    }
    const names = async (filter: string): Promise<unknown> => {
      const { document } = await json('log', model, '--filter', filter);
      return (document['versions'] as { name: string }[]).map(({ name }) => name);
    };
    expect(await names('f1>0.9 "run at"')).toEqual(['v2']);
    expect(await names('-f1>0.9')).toEqual(['v1']);
    expect(await names('stage:production')).toEqual([]);
    expect(await ok('log', model, '--filter', 'v1')).toMatch(/^v1 .* run at 0\.8 .*\n$/);
    expect(await ok('log', model, '--filter', 'tag:best')).toContain(
      `None of the 2 versions of ${model} fits the filter: tag:best`,
    );
    const { exitCode, stderr } = await modeltrail(['log', model, '--filter', 'f1>high']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('"high" in f1>high is not a number such as 0.9.');
  });

  it('says what to write for each of two versions that got the same number on two branches', async () => {
    const clone = makeWorkspace();
    try {
      train();
      await ok('record', model);
      workspace.commit('first');
      clone.git('pull', '--quiet', workspace.folder, 'main');
      const there = commandLine(() => clone.folder);
      const theirs = write(model, safetensors(), clone);
      await there.ok('record', model, '-m', 'theirs');
      clone.git('switch', '--quiet', '--create', 'other');
      clone.commit('theirs');
      const ours = train();
      await ok('record', model, '-m', 'ours');
      workspace.commit('ours');
      workspace.git('fetch', '--quiet', clone.folder, 'other');
      workspace.git('merge', '--quiet', '--strategy-option=ours', '--no-edit', 'FETCH_HEAD');
      const { exitCode, stderr } = await modeltrail(['show', `${model}@v2`]);
      expect(exitCode).toBe(3);
      expect(stderr).toContain(
        `${model} has 2 versions that are called v2, because they were recorded apart from each other. Name the one that you mean by its hash:`,
      );
      for (const [id, message] of [
        [ours, 'ours'],
        [theirs, 'theirs'],
      ]) {
        const [, written = ''] = new RegExp(`^ *(\\S+) +v2 +${message}$`, 'm').exec(stderr) ?? [];
        expect(written).toBe(`${model}@${id?.slice(0, 12)}`);
        for (const argv of [
          ['show', written],
          ['-C', 'models', 'show', written],
        ])
          expect((await json(...argv)).document).toMatchObject({ version: { id, message } });
      }
    } finally {
      clone.remove();
    }
  });

  it('has the same answer for every version in the form of members that are always there', async () => {
    train();
    workspace.commit('Baseline');
    await ok('record', model);
    const { document } = await json('show', model);
    const keys =
      'model id name number size files time atOrBefore by message note tags stage forgotten absent metrics params provenance externalData sources commit';
    expect(Object.keys(document['version'] as object)).toEqual(keys.split(' '));
    expect(document).toMatchObject({
      working: { state: 'same' },
      commits: [{ subject: 'Baseline', lfs: false }],
    });
  });

  it('takes and shows paths relative to the directory', async () => {
    train();
    await ok('record', model);
    const inside = { directory: 'models', environment: { NO_COLOR: '1' } };
    expect((await modeltrail(['log', 'churn.safetensors'], inside)).stdout).toMatch(/^v1 /);
    expect((await modeltrail(['show', 'churn.safetensors@v1'], inside)).stdout).toMatch(
      /^churn\.safetensors v1\n/,
    );
    expect((await modeltrail(['show', `${model}@v1`], inside)).exitCode).toBe(0);
    expect(await ok('-C', 'models', 'status')).toMatch(/^churn\.safetensors /m);
  });

  it('shows colours on a terminal only, and not with NO_COLOR', async () => {
    train();
    await ok('record', model);
    const colours = '\u001B[';
    expect((await modeltrail(['log', model], {})).stdout).toContain(colours);
    expect((await modeltrail(['log', model], { environment: { NO_COLOR: '1' } })).stdout).not.toMatch(
      colours,
    );
    expect(await ok('log', model)).not.toContain(colours);
  });

  it('cuts messages to the width of the terminal, and keeps them in one line', async () => {
    train();
    await ok('record', model, '-m', `${'long '.repeat(40)}\nsecond line`);
    const { stdout } = await modeltrail(['log', model], { columns: 60, environment: { NO_COLOR: '1' } });
    expect(stdout.trimEnd().length).toBeLessThanOrEqual(60);
    expect(stdout.trimEnd()).toMatch(/^v1 .*…$/);
  });

  it('tells of a damaged journal entry on stderr, and in full in the status', async () => {
    train();
    await ok('record', model);
    workspace.write('.modeltrail/journal/2026-01/01KDVMJ8000000000000000000.json', '{ not json');
    const log = await modeltrail(['log', model]);
    expect(log).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^v1 /) as string });
    expect(log.stderr).toContain('01KDVMJ8000000000000000000.json');
    expect((await json('status')).document['problems']).toHaveLength(1);
  });

  it('works without Git and without models', async () => {
    const bare = makeWorkspace({ git: false });
    try {
      const { exitCode, stdout } = await modeltrail(['-C', bare.folder, 'status']);
      expect(exitCode).toBe(0);
      expect(stdout).toContain('There are no model files here yet.');
      expect(existsSync(path.join(bare.folder, '.modeltrail'))).toBe(false);
    } finally {
      bare.remove();
    }
  });
});

describe('bad files', () => {
  it('are told of, and the rest is shown', async () => {
    train();
    await ok('record', model);
    symlinkSync('nowhere', path.join(workspace.folder, 'broken.onnx'));
    workspace.write('empty.onnx', '');
    workspace.write('two words "and" 🚀.onnx', 'x');
    const status = await ok('status');
    expect(status).toMatch(/^broken\.onnx +unreadable$/m);
    expect(status).toMatch(/^models\/churn\.safetensors +unchanged /m);
    expect(status).toMatch(/Problems:\n.*broken symbolic link/);
    expect((await modeltrail(['record', 'broken.onnx'])).exitCode).toBe(3);
    for (const name of ['empty.onnx', 'two words "and" 🚀.onnx']) {
      await ok('record', name);
      expect((await json('show', `${name}@v1`)).document).toMatchObject({
        model: name,
        version: { number: 1 },
      });
    }
  });
});

describe('failing', () => {
  it('tells each kind of failure by exit code and in one document', async () => {
    train();
    train('models/other.safetensors');
    await ok('record', model);
    await ok('record', 'models/other.safetensors');
    for (const [argv, exitCode, code] of [
      [['frobnicate'], 2, 'usage'],
      [['show'], 2, 'usage'],
      [['log', '../outside.onnx'], 2, 'usage'],
      [['record', model, '--metric', 'f1=high'], 2, 'usage'],
      [['rollback', model], 2, 'usage'],
      [['log', 'models/chrun.safetensors'], 3, 'notFound'],
      [['show', 'v7'], 3, 'notFound'],
      [['show', 'v1'], 3, 'ambiguous'],
      [['record', 'models/none.onnx'], 3, 'notFound'],
      [['-C', 'nowhere', 'status'], 3, 'notFound'],
    ] as const) {
      const failed = await json(...argv);
      expect(failed, argv.join(' ')).toMatchObject({
        exitCode,
        document: { error: { code, message: expect.stringMatching(/\S/) as string } },
      });
      expect(Object.keys(failed.document)).toEqual(['schemaVersion', 'error']);
    }
    expect((await modeltrail(['log', 'models/chrun.safetensors'])).stderr).toContain(
      `Did you mean "${model}"?`,
    );
  });

  it('finds damage', async () => {
    const id = train();
    await ok('record', model);
    expect(await json('verify')).toMatchObject({
      exitCode: 0,
      document: { ok: true, checked: 1, problems: [] },
    });
    const kept = path.join(workspace.folder, '.git/modeltrail/recipes', id.slice(0, 2), id);
    rmSync(kept);
    writeFileSync(kept, 'rotten');
    const verified = await json('verify');
    expect(verified).toMatchObject({ exitCode: 1, document: { ok: false, problems: [{ path: model }] } });
    expect((await modeltrail(['verify'])).exitCode).toBe(1);
  });
});

describe('help', () => {
  it('describes every command, in text and as a document', async () => {
    const help = await ok('--help');
    const names =
      'status log show record tag stage note diff compare rollback undo verify du pack forget gc store';
    for (const name of names.split(' ')) {
      expect(help).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
      const { exitCode, document } = await json(name, '--help');
      expect(exitCode).toBe(0);
      expect(document['help']).toContain(`modeltrail [-C DIR] ${name}`);
      expect(await ok('help', name)).toContain('--json');
    }
  });
});
