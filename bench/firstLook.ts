import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Bench } from './bench.ts';
import { buildProduction } from './build.ts';
import { comparedWith, inTurn, Samples, timed } from './measure.ts';

type Way = 'modeltrail status' | 'git log' | 'find';

const commits = 20_000;
/** Files, of which every hundredth commit changes one. */
const models = 5;
const folders = 100;
const filesInEach = 1000;

/** What somebody waits for who opens a folder for the first time: whole commands, without an index. */
export const firstLook: Bench = {
  name: 'first-look',
  summary: 'the first look at a long Git history, and at a folder with many other files',
  async run({ folder, rounds = 3, say }) {
    const { cli } = await buildProduction(path.join(folder, 'extension'));
    say('making a history and a folder');
    const history = path.join(folder, 'history');
    const files = path.join(folder, 'files');
    makeHistory(history);
    makeFiles(files);
    const inHistory = new Samples<Way>();
    const inFiles = new Samples<Way>();
    const run = (cwd: string, program: string, ...args: string[]): unknown =>
      execFileSync(program, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 28 });
    const status = (cwd: string) =>
      [
        'modeltrail status',
        () => {
          rmSync(path.join(cwd, '.git/modeltrail'), { recursive: true, force: true });
          return run(cwd, process.execPath, cli, 'status');
        },
      ] as const;
    for (let round = 0; round < rounds; round++) {
      say(`round ${round + 1} of ${rounds}`);
      const log = ['git log', () => run(history, 'git', 'log', '--raw', '-c', '-M100%')] as const;
      for (const [way, work] of inTurn<readonly [Way, () => unknown]>([status(history), log], round))
        inHistory.add(way, (await timed(work)) / 1000);
      const ways: (readonly [Way, () => unknown])[] = [status(files)];
      // What Windows calls so is another program.
      if (process.platform !== 'win32') ways.push(['find', () => run(files, 'find', '.', '-name', '*.pt')]);
      for (const [way, work] of inTurn(ways, round)) inFiles.add(way, (await timed(work)) / 1000);
    }
    const what = { history: `${commits} commits`, files: `${folders * filesInEach} other files` };
    return {
      figures: [
        ...comparedWith<Way>('modeltrail status', what.history, inHistory, {}),
        ...comparedWith<Way>('modeltrail status', what.files, inFiles, {}),
      ],
      notes: [
        'Whole commands, process start included; no index before, files and history in the page cache. `git log --raw -c -M100%` lists all changes, and `find` the files that end in .pt.',
      ],
    };
  },
};

function makeHistory(folder: string): void {
  execFileSync('git', ['init', '--quiet', folder]);
  const lines: string[] = [];
  const put = (file: string, content: string): unknown =>
    lines.push(`M 100644 inline ${file}`, `data ${content.length}`, content);
  for (let commit = 0; commit < commits; commit++) {
    lines.push('commit refs/heads/main', `committer A <a@b> ${1_600_000_000 + 600 * commit} +0000`);
    lines.push('data 6', 'change');
    for (const part of [1, 7, 31])
      put(`src/part${(part * commit) % 53}/file${(commit * 17) % 97}.py`, `${commit} ${part}`);
    if (commit % 100 === 0) put(`models/m${(commit / 100) % models}.pt`, `model ${commit}`);
  }
  execFileSync('git', ['fast-import', '--quiet'], { cwd: folder, input: `${lines.join('\n')}\n` });
  execFileSync('git', ['symbolic-ref', 'HEAD', 'refs/heads/main'], { cwd: folder });
  execFileSync('git', ['reset', '--quiet', '--hard'], { cwd: folder });
}

function makeFiles(folder: string): void {
  execFileSync('git', ['init', '--quiet', folder]);
  for (let part = 0; part < folders; part++) {
    const inner = path.join(folder, 'data', `class${part}`);
    mkdirSync(inner, { recursive: true });
    for (let file = 0; file < filesInEach; file++) writeFileSync(path.join(inner, `image${file}.jpg`), '');
  }
  writeFileSync(path.join(folder, 'model.pt'), 'model');
}
