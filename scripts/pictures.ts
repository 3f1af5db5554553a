// `node scripts/pictures.ts` takes the pictures of the README, docs/images/*.png, from the demo, in the VS Code that the tests use, with
// what is built anew. Look at them before you commit them.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { repositoryRoot } from '../test/harness/paths.ts';
import { openWorkbench, type Workbench } from '../test/harness/workbench.ts';
import { makeDemo } from './demo.ts';

/** So wide that the rows of the demo show their metrics, and what is beside them its details at the side. */
const sideBarWidth = 400;
const viewport = { width: 1400, height: 860 };
const model = 'digits.safetensors';

execFileSync(process.execPath, ['esbuild.js', '--production'], { cwd: repositoryRoot, stdio: 'inherit' });
const temporary = await mkdtemp(path.join(tmpdir(), 'mt-pictures-'));
try {
  const folder = await makeDemo(path.join(temporary, 'digits'));
  const workbench = await openWorkbench({
    folder,
    extensionFolder: repositoryRoot,
    // Without the number of files that are not committed, and what a tab says under the pointer.
    settings: { 'scm.countBadge': 'off', 'workbench.hover.delay': 600_000 },
  });
  try {
    await takeAll(workbench);
  } finally {
    await workbench.close();
  }
} finally {
  await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
}

async function takeAll(workbench: Workbench): Promise<void> {
  const { page, quickInput } = workbench;
  const panel = () => workbench.webview();
  await page.setViewportSize(viewport);
  await workbench.showContainer('Modeltrail');
  await page.locator('.pane-header', { hasText: 'Activity' }).click();
  await widenSideBar(workbench);
  await workbench.expand(workbench.row(model));

  await workbench.runCommand('Modeltrail: Compare Versions');
  await quickInput.pick('Choose a model', `models/${model}`);
  await panel()
    .getByRole('application', { name: /^val_accuracy:/ })
    .waitFor();
  await take(workbench, 'compare');

  await workbench.runCommand('Modeltrail: Uncheck All');
  await workbench.runCommand('View: Close All Editors');
  await workbench.runCommand('Modeltrail: Diff Two Versions');
  await quickInput.pick('Choose a model', `models/${model}`);
  await quickInput.pick('Choose a version', /^v12/);
  await quickInput.pick('Choose the version to compare v12 with', /^v11/);
  await panel()
    .getByRole('row', { name: /^changed: .*weight/ })
    .first()
    .click();
  await panel().getByText('Std. deviation').waitFor();
  await take(workbench, 'diff');

  await workbench.runCommand('View: Close All Editors');
  await workbench.row(/v11/).click();
  await panel()
    .getByRole('row', { name: /weight/ })
    .first()
    .click();
  await panel().getByText('Std. deviation').waitFor();
  await take(workbench, 'inspect');
}

async function widenSideBar({ page }: Workbench): Promise<void> {
  const edge = await page.locator('.part.sidebar').boundingBox();
  if (!edge) throw new Error('There is no side bar.');
  const right = edge.x + edge.width;
  await page.mouse.move(right, 300);
  await page.mouse.down();
  await page.mouse.move(edge.x + sideBarWidth, 300, { steps: 5 });
  await page.mouse.up();
}

/** Without the pointer, what it hovers over, and notifications. */
async function take(workbench: Workbench, name: string): Promise<void> {
  await workbench.runCommand('Notifications: Clear All Notifications');
  await workbench.page.mouse.move(0, 0);
  const file = path.join(repositoryRoot, `docs/images/${name}.png`);
  await workbench.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  console.log(`${file}: ${Math.round((await stat(file)).size / 1000)} KB`);
}
