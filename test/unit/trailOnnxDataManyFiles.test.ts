import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, rmSync, watch } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Operation, unattended } from '../../src/core/operation.ts';
import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail } from '../../src/trail/trail.ts';
import { onnxGraphOf, onnxWeights } from '../support/onnxData.ts';
import { code, elsewhere, trails, versionsOf, workspace, write } from '../support/trails.ts';

// An exporter may write a file for each tensor.

const model = 'models/m.onnx';
const names = Array.from({ length: 12 }, (_, number) => `${number}`.padStart(6, 'w') + '.onnx.data');

function exported(step: number): void {
  write(model, onnxGraphOf(names));
  for (const name of names) write(`models/${name}`, onnxWeights(step));
}

/** A trail on a repository with the model, whose Git notes what it is asked of a commit, and gives no answer where it is told to. */
async function withNotingGit() {
  exported(0);
  workspace.commit('first');
  const real = execFileSync('which', ['git'], { encoding: 'utf8' }).trim();
  const [asked, isMute] = ['asked', 'mute'].map((name) => path.join(elsewhere.folder, name)) as [
    string,
    string,
  ];
  const noting = `case " $* " in *" ls-tree "*)\n  echo ls-tree >> '${asked}'\n  [ -e '${isMute}' ] && exec tail -f /dev/null\nesac`;
  elsewhere.write('git', `#!/bin/sh\n${noting}\nexec '${real}' "$@"\n`);
  const gitBinary = path.join(elsewhere.folder, 'git');
  chmodSync(gitBinary, 0o755);
  const trail = await openTrail(workspace.folder, { ...defaultSettings, gitBinary });
  trails.push(trail);
  await trail.refresh(unattended);
  rmSync(asked, { force: true });
  const questions = (): number =>
    existsSync(asked) ? readFileSync(asked, 'utf8').split('\n').length - 1 : 0;
  return { trail, questions, beMute: () => elsewhere.write('mute', '') };
}

describe.skipIf(process.platform === 'win32')('an ONNX model with weights in many files', () => {
  it('is recorded with one question to Git about them all', async () => {
    const { trail, questions } = await withNotingGit();
    exported(1);
    const { described, externalData } = await trail.record({ model, metrics: { acc: 0.9 } }, unattended);
    expect(questions()).toBe(1);
    // The commit has the graph with others.
    expect(described).toHaveLength(names.length);
    expect(externalData).toHaveLength(names.length);
  });

  it('is not recorded at all where that is cancelled while Git is asked', async () => {
    const { trail, questions, beMute } = await withNotingGit();
    exported(1);
    beMute();
    const controller = new AbortController();
    const operation: Operation = { ...unattended, signal: controller.signal };
    const watcher = watch(elsewhere.folder, () => {
      if (questions() > 0) controller.abort();
    });
    try {
      await expect(trail.record({ model }, operation)).rejects.toEqual(code('cancelled'));
    } finally {
      watcher.close();
    }
    for (const name of [model, ...names.map((name) => `models/${name}`)])
      expect((await versionsOf(trail, name)).map(({ number }) => number)).toEqual([undefined]);
  });
});
