import path from 'node:path';
import { makeTestRepository } from '../test/harness/testRepository.ts';
import { openWorkbench } from '../test/harness/workbench.ts';
import type { Bench } from './bench.ts';
import { buildProduction } from './build.ts';
import { inExtensionHost } from './editor.ts';
import type { Activation } from './inEditor/activate.ts';

/** What opening a window costs because of us. */
export const activation: Bench = {
  name: 'activation',
  summary: 'activation of the extension in a real editor',
  async run({ folder, rounds = 5, say }) {
    const built = await buildProduction(path.join(folder, 'extension'));
    const workspace = path.join(folder, 'workspace');
    makeTestRepository(workspace);
    const { extension } = built;
    say(`${rounds} windows`);
    const measured = await inExtensionHost<Activation>({
      extension,
      script: built.script('activate'),
      workspace,
      rounds,
      folder,
    });
    say(`${rounds} windows, as the editor says`);
    const told = await asTheEditorSays(extension, workspace, rounds);
    const bar = { atMost: 30 };
    return {
      figures: [
        { what: 'activate(), in the extension host', samples: measured.map(({ ms }) => ms), unit: 'ms', bar },
        { what: '"Show Running Extensions"', samples: told, unit: 'ms', bar },
      ],
      notes: [
        'Both with the loading of the code. In the second the view shows, so that its engine starts at the same time.',
      ],
    };
  },
};

async function asTheEditorSays(extension: string, workspace: string, rounds: number): Promise<number[]> {
  const told: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const workbench = await openWorkbench({ folder: workspace, extensionFolder: extension });
    try {
      const { page } = workbench;
      // The editor's own extensions start at the same time.
      await page.waitForTimeout(5000);
      await workbench.showContainer('Modeltrail');
      await workbench.view('Models').getByRole('treeitem').first().waitFor();
      // The list has only those rows in the page that there is room for.
      await page.setViewportSize({ width: 1280, height: 4000 });
      await workbench.runCommand('Developer: Show Running Extensions');
      const row = page.locator('.runtime-extensions-editor .monaco-list-row', { hasText: 'Modeltrail' });
      const time = row.getByText(/Activation: \d+ms/).first();
      told.push(Number(/(\d+)ms/.exec((await time.textContent()) ?? '')?.[1]));
    } finally {
      await workbench.close();
    }
  }
  return told;
}
