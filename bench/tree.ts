import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openWorkbench, type Workbench } from '../test/harness/workbench.ts';
import type { Bench } from './bench.ts';
import { makeBigTrail } from './bigTrail.ts';
import { buildProduction, type Built } from './build.ts';
import type { Opening } from './openTrail.ts';
import { makePlainTree } from './plainTree.ts';

const settleMs = 5000;
const firstRow = 'model-a.safetensors';
const big = { models: 20, versions: 10_000, metrics: 3 };

/** From a click to rows, in a folder with a long history whose index was saved before. */
export const tree: Bench = {
  name: 'tree',
  summary: `first rows of a folder with ${big.versions} versions of ${big.models} models in the index`,
  async run({ folder, rounds = 5, say }) {
    const built = await buildProduction(path.join(folder, 'extension'));
    const workspace = path.join(folder, 'workspace');
    say(`writing ${big.versions} facts`);
    await makeBigTrail(workspace, big);
    say(`${rounds} processes`);
    const openings = Array.from({ length: rounds }, () => openInProcess(built, workspace));
    say(`${rounds} windows`);
    const { rows, expanded, plain } = await inEditor(
      built,
      workspace,
      makePlainTree(path.join(folder, 'plain'), firstRow),
      rounds,
    );
    const total = openings.map(({ open, models, versions }) => open + models + versions);
    const bar = { atMost: 150 };
    return {
      figures: [
        { what: 'editor: click on the icon until model rows show', samples: rows, unit: 'ms' },
        {
          what: '  the same for an extension with one row that is there at once',
          samples: plain,
          unit: 'ms',
        },
        {
          what: '  the difference',
          samples: rows.map((row, round) => row - (plain[round] ?? NaN)),
          unit: 'ms',
          bar,
        },
        { what: 'editor: click on a model until its version rows show', samples: expanded, unit: 'ms' },
        {
          what: 'rows as they were the last time, read alone',
          samples: openings.map(({ firstRows }) => firstRows),
          unit: 'ms',
          bar,
        },
        { what: 'engine alone: all of it, as it is now, and a page of versions', samples: total, unit: 'ms' },
        { what: '  open', samples: openings.map(({ open }) => open), unit: 'ms' },
        { what: '  models', samples: openings.map(({ models }) => models), unit: 'ms' },
        { what: '  versions', samples: openings.map(({ versions }) => versions), unit: 'ms' },
        {
          what: '  before: Node.js and loading the code',
          samples: openings.map((o) => o.process),
          unit: 'ms',
        },
      ],
      notes: [
        'The bar is for what we add to what the editor itself takes. Each round in a fresh window or process. The click also activates the extension and starts the engine in its process.',
      ],
    };
  },
};

function openInProcess(built: Built, workspace: string): Opening {
  const output = execFileSync(process.execPath, [built.script('openTrail'), workspace], { encoding: 'utf8' });
  return JSON.parse(output) as Opening;
}

async function inEditor(built: Built, workspace: string, plainExtension: string, rounds: number) {
  const rows: number[] = [];
  const expanded: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await inWorkbench(workspace, built.extension, async (workbench) => {
      rows.push(await toFirstRow(workbench));
      await workbench.page.waitForTimeout(settleMs);
      const twistie = workbench.row('model-h.safetensors').locator('.monaco-tl-twistie');
      expanded.push(await fromPressTo(workbench.page, 'Run 500', () => twistie.click()));
    });
    await inWorkbench(workspace, plainExtension, async (workbench) => {
      plain.push(await toFirstRow(workbench));
    });
  }
  return { rows, expanded, plain };
}

async function inWorkbench(
  folder: string,
  extensionFolder: string,
  work: (workbench: Workbench) => Promise<void>,
): Promise<void> {
  const workbench = await openWorkbench({ folder, extensionFolder });
  try {
    // The editor is busy with itself at first.
    await workbench.page.waitForTimeout(settleMs);
    await work(workbench);
  } finally {
    await workbench.close();
  }
}

function toFirstRow({ page }: Workbench): Promise<number> {
  const tab = page.locator('.part.activitybar').getByRole('tab', { name: 'Modeltrail' }).first();
  return fromPressTo(page, firstRow, () => tab.click());
}

/** Milliseconds in the page from the press of the button until the frame after a row with this text is there. */
async function fromPressTo(page: Page, text: string, click: () => Promise<void>): Promise<number> {
  const waiting = await page.evaluateHandle((text) => {
    const isThere = (): boolean => {
      const panes = [...document.querySelectorAll('.part.sidebar .pane')];
      const models = panes.find((pane) =>
        pane.querySelector('.pane-header')?.textContent?.includes('Models'),
      );
      const rows = [...(models?.querySelectorAll('.monaco-list-row') ?? [])];
      return rows.some((row) => row.textContent?.includes(text));
    };
    const milliseconds = new Promise<number>((resolve, reject) => {
      setTimeout(() => reject(new Error(`No row with ${text} showed.`)), 60_000);
      const pressed = (): void => {
        const start = performance.now();
        const look = (): void => {
          if (isThere()) requestAnimationFrame(() => resolve(performance.now() - start));
          else requestAnimationFrame(look);
        };
        look();
      };
      document.addEventListener('pointerdown', pressed, { capture: true, once: true });
    });
    return { milliseconds };
  }, text);
  await click();
  return waiting.evaluate(({ milliseconds }) => milliseconds);
}
