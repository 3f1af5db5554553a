import path from 'node:path';
import { openWorkbench } from '../test/harness/workbench.ts';
import type { Bench } from './bench.ts';
import { makeBigTrail } from './bigTrail.ts';
import { buildProduction } from './build.ts';

const big = { models: 1, versions: 1000, metrics: 50 };
const title = '1,000 versions compared';
const settleMs = 5000;

/** The Compare panel of many versions with many metrics, in a real editor. */
export const compare: Bench = {
  name: 'compare',
  summary: `the Compare panel of ${big.versions} versions with ${big.metrics} metrics`,
  async run({ folder, rounds = 5, say }) {
    const { extension } = await buildProduction(path.join(folder, 'extension'));
    const workspace = path.join(folder, 'workspace');
    await makeBigTrail(workspace, big);
    say(`${rounds} windows`);
    const shown: number[] = [];
    const answered: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const times = await inWindow(workspace, extension);
      shown.push(times.shown);
      answered.push(times.answered);
    }
    return {
      figures: [
        {
          what: 'from the press on "Compare All 1,000" until charts and table are drawn',
          samples: shown,
          unit: 'ms',
          bar: { atMost: 1000 },
        },
        { what: 'then, from a press on another baseline until it is the one', samples: answered, unit: 'ms' },
      ],
      notes: ['With the way to the engine and back. Each round in a fresh window.'],
    };
  },
};

interface Times {
  readonly shown: number;
  readonly answered: number;
}

async function inWindow(folder: string, extensionFolder: string): Promise<Times> {
  const workbench = await openWorkbench({ folder, extensionFolder });
  try {
    // The editor is busy with itself at first.
    await workbench.page.waitForTimeout(settleMs);
    await workbench.showContainer('Modeltrail');
    await workbench.chooseFromContextMenu(workbench.row('model-a.safetensors'), 'Compare Versions');
    const page = workbench.webview();
    const all = page.getByRole('button', { name: 'Compare All 1,000' });
    await all.waitFor();
    const body = page.locator('body');
    const drawn = await body.evaluateHandle(untilDrawn, { title, baseline: '0' });
    await all.click();
    const shown = await drawn.evaluate(({ milliseconds }) => milliseconds);
    const other = page.getByRole('button', { name: 'Use v3 as the baseline' });
    await other.scrollIntoViewIfNeeded();
    const chosen = await body.evaluateHandle(untilDrawn, { title, baseline: '2' });
    await other.click();
    return { shown, answered: await chosen.evaluate(({ milliseconds }) => milliseconds) };
  } finally {
    await workbench.close();
  }
}

interface Shown {
  readonly title: string;
  /** The place of the baseline among the versions. */
  readonly baseline: string;
}

/** Runs in the page: milliseconds from the next press until the frame after everything near the view is drawn so. */
function untilDrawn(body: Element, { title, baseline }: Shown): { milliseconds: Promise<number> } {
  const isPainted = (canvas: HTMLCanvasElement): boolean => {
    const { width, height } = canvas;
    if (width * height === 0) return false;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, width, height);
    return data.some((value) => value !== 0);
  };
  const isDrawn = (): boolean => {
    if (body.querySelector('h1')?.textContent !== title) return false;
    if (body.querySelector('select')?.value !== baseline || !body.querySelector('table')) return false;
    const canvases = [...body.querySelectorAll('canvas')];
    return canvases.length > 0 && canvases.every(isPainted);
  };
  const milliseconds = new Promise<number>((resolve) => {
    const pressed = (): void => {
      const start = performance.now();
      const look = (): void => {
        if (isDrawn()) requestAnimationFrame(() => resolve(performance.now() - start));
        else requestAnimationFrame(look);
      };
      look();
    };
    document.addEventListener('pointerdown', pressed, { capture: true, once: true });
  });
  return { milliseconds };
}
