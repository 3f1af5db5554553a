import { stripVTControlCharacters } from 'node:util';
import { beforeEach, describe, expect, it } from 'vitest';
import { commandLine } from '../support/commandLine.ts';
import { workspace, write } from '../support/trails.ts';
import { safetensors } from '../support/workspace.ts';

const model = 'models/churn.safetensors';

function train(name = model): string {
  return write(name, safetensors());
}

const { modeltrail, json, ok } = commandLine(() => workspace.folder);

describe('comparing', () => {
  beforeEach(async () => {
    train();
    await ok('record', model, '--metric', 'f1=0.9', '--metric', 'loss=0.5', '--param', 'lr=0.1');
    train();
    await ok('record', model, '--metric', 'f1=0.88', '--metric', 'loss=0.4', '--param', 'lr=0.1');
  });

  it('puts versions side by side', async () => {
    const { document } = await json('compare', 'v1', 'v2', 'v1');
    expect(document).toMatchObject({
      baseline: 0,
      versions: [{ name: 'v1' }, { name: 'v2' }],
      metrics: [
        { name: 'f1', direction: 'higher', values: [0.9, 0.88], deltas: [null, -0.02], best: 0 },
        { name: 'loss', direction: 'lower', values: [0.5, 0.4], deltas: [null, -0.1], best: 1 },
      ],
      params: [{ name: 'lr', values: [0.1, 0.1], differs: false }],
    });
    expect(await ok('compare', 'v1', 'v2')).toMatch(/^f1 +0\.9\* +0\.88 -0\.02$/m);
  });

  it('takes the first version named as the baseline', async () => {
    expect((await json('compare', 'v2', 'v1')).document).toMatchObject({
      baseline: 1,
      metrics: [{ deltas: [0.02, null] }, { deltas: [0.1, null] }],
    });
  });

  it('shows what differs between two versions, with the exit code only where asked for', async () => {
    const { exitCode, document } = await json('diff', 'v1', 'v2');
    expect({ exitCode, document }).toMatchObject({
      exitCode: 0,
      document: {
        identical: false,
        a: { model, name: 'v1', onDisk: false },
        b: { name: 'v2' },
        metrics: [
          { name: 'f1', a: 0.9, b: 0.88, delta: -0.02, verdict: 'worse' },
          { name: 'loss', a: 0.5, b: 0.4, delta: -0.1, verdict: 'better' },
        ],
        params: [],
      },
    });
    expect(document).toMatchObject({ diff: { verdict: { changedTensors: 1 } }, lines: [] });
    const text = await modeltrail(['diff', 'v1', 'v2', '--exit-code']);
    expect(text.exitCode).toBe(1);
    expect(text.stdout).toMatch(
      /^--- models\/churn\.safetensors@v1\n\+\+\+ models\/churn\.safetensors@v2\nSame architecture; 1 of 1 tensors changed /,
    );
  });

  it('compares with the file on disk', async () => {
    expect(await json('diff', 'v2', model, '--exit-code')).toMatchObject({
      exitCode: 0,
      document: { identical: true, lines: [], b: { onDisk: true } },
    });
    train();
    expect(await json('diff', 'v2', model, '--exit-code')).toMatchObject({
      exitCode: 1,
      document: { identical: false, metrics: [], b: { onDisk: true, id: null, name: null } },
    });
  });
});

describe('on a terminal of 80 columns', () => {
  it('a message of several lines is one row of the log and several of show', async () => {
    train();
    await ok('record', model, '-m', '\nlonger warm-up\nand less dropout');
    expect(await ok('log', model)).toMatch(/longer warm-up$/m);
    expect(await ok('show', 'v1')).toMatch(/Message +longer warm-up\n +and less dropout$/m);
  });

  it('a long param does not push the others out of the table', async () => {
    for (const text of ['a', 'b']) {
      train();
      await ok('record', model, '--param', `prompt=${text.repeat(1000)}`);
    }
    const { stdout } = await modeltrail(['compare', 'v1', 'v2'], { columns: 80 });
    const shown = stripVTControlCharacters(stdout);
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(shown).toMatch(/prompt +a+… +b+…/);
    expect(await ok('compare', 'v1', 'v2')).toContain('b'.repeat(1000));
  });
});
