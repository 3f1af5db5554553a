// The page object of the screen tests: a served VS Code in Chromium, driven as a person would.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { repositoryRoot } from './paths.ts';
import { QuickInput } from './quickInput.ts';
import { currentVersion, ensureServedEditor, type EditorVersion } from './servedEditor.ts';
import {
  installExtension,
  linkExtension,
  startServer,
  writeSettings,
  type RunningServer,
  type Settings,
} from './server.ts';
import { workbenchUrl } from './workbenchUrl.ts';

const themes = {
  dark: { setting: 'Default Dark Modern', cssClass: 'vs-dark' },
  light: { setting: 'Default Light Modern', cssClass: 'vs' },
  highContrast: { setting: 'Default High Contrast', cssClass: 'hc-black' },
} as const;

export type Theme = keyof typeof themes;
export const allThemes = Object.keys(themes) as readonly Theme[];

export interface WorkbenchOptions {
  /** Absolute; without it the window is empty. */
  readonly folder?: string;
  /** The packaged extension to install, or else the source folder to load it from. */
  readonly vsix?: string;
  readonly extensionFolder?: string;
  readonly theme?: Theme;
  /** Asks whether to trust the folder, as a first visit does. */
  readonly workspaceTrust?: boolean;
  readonly settings?: Settings;
  readonly version?: EditorVersion;
}

/** Text of a row, button or message: a string matches anywhere and in any case, a RegExp as it says. */
export type Text = string | RegExp;

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const editor = await ensureServedEditor(options.version ?? currentVersion);
  const userDataDir = await mkdtemp(path.join(tmpdir(), 'mt-screens-'));
  const extensionsDir = path.join(userDataDir, 'extensions');
  const theme = options.theme ?? 'dark';
  const settings = { ...options.settings, 'workbench.colorTheme': themes[theme].setting };
  let server: RunningServer | undefined;
  let browser: Browser | undefined;
  try {
    if (options.vsix !== undefined)
      await installExtension(editor, options.vsix, { userDataDir, extensionsDir });
    else if (options.extensionFolder !== undefined)
      await linkExtension(options.extensionFolder, extensionsDir);
    const { workspaceTrust } = options;
    server = await startServer(editor, { userDataDir, extensionsDir, settings, workspaceTrust });
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(60_000);
    const workbench = new Workbench(page, { server, browser, userDataDir, settings, theme });
    await page.goto(workbenchUrl(server.address, { folder: options.folder }));
    await workbench.ready();
    return workbench;
  } catch (error) {
    await browser?.close();
    await server?.stop();
    await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}

interface Parts {
  readonly server: RunningServer;
  readonly browser: Browser;
  readonly userDataDir: string;
  readonly settings: Settings;
  readonly theme: Theme;
}

export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  /** What the pages and webviews wrote to the console as errors, such as violations of a content security policy. */
  readonly consoleErrors: string[] = [];
  readonly #parts: Parts;
  #theme: Theme;

  constructor(page: Page, parts: Parts) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.#parts = parts;
    this.#theme = parts.theme;
    page.on('console', (message) => {
      if (message.type() === 'error') this.consoleErrors.push(message.text());
    });
  }

  /** Waits until the window is there, in its theme, with its extension host connected. */
  async ready(): Promise<void> {
    await this.page.locator(`.monaco-workbench.${themes[this.#theme].cssClass}`).waitFor();
    await this.page.locator('.part.activitybar .action-item').first().waitFor();
    await this.page.locator('.part.statusbar [id="status.host"]').waitFor();
  }

  async close(): Promise<void> {
    await this.#parts.browser.close();
    await this.#parts.server.stop();
    await rm(this.#parts.userDataDir, { recursive: true, force: true, maxRetries: 5 });
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /** Switches the running window, as a change of the user's setting does. */
  async setTheme(theme: Theme): Promise<void> {
    this.#theme = theme;
    const settings = { ...this.#parts.settings, 'workbench.colorTheme': themes[theme].setting };
    const changed = this.page.locator(`.monaco-workbench.${themes[theme].cssClass}`);
    // A window that has just opened does not watch its settings yet, so they are written until it has seen them.
    for (let attempt = 1; ; attempt++) {
      await writeSettings(this.#parts.userDataDir, settings);
      const seen = await changed.waitFor({ timeout: 1000 }).catch((error: unknown) => error);
      if (seen === undefined) return;
      if (attempt === 60) throw seen;
    }
  }

  /** Saves what the window shows as `test-results/screens/<theme>/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    const folder = path.join(repositoryRoot, 'test-results/screens', this.#theme);
    await mkdir(folder, { recursive: true });
    await this.page.screenshot({
      path: path.join(folder, `${name}.png`),
      animations: 'disabled',
      caret: 'hide',
    });
  }

  /** In all themes. */
  async screenshots(name: string): Promise<void> {
    for (const theme of allThemes) {
      await this.setTheme(theme);
      await this.screenshot(name);
    }
  }

  /** Runs a command from the palette by its whole label, such as `Modeltrail: Record Version`. */
  async runCommand(label: string): Promise<void> {
    await this.quickInput.runCommand(label);
  }

  /** Shows a view container by the name of its icon in the activity bar. */
  async showContainer(name: string): Promise<void> {
    const tab = this.page.locator('.part.activitybar').getByRole('tab', { name }).first();
    await tab.waitFor();
    const title = this.page.locator('.part.sidebar .composite.title', { hasText: name });
    // A click on the icon of what is shown already hides it, and a window that has just opened does not say yet what it shows.
    for (let attempt = 1; ; attempt++) {
      if ((await tab.getAttribute('aria-selected')) !== 'true' || attempt > 1) await tab.click();
      const missing = await title.waitFor({ timeout: 3000 }).catch((error: unknown) => error);
      if (missing === undefined) return;
      if (attempt === 20) throw missing;
    }
  }

  /** The section of the side bar with this title. */
  view(title: string): Locator {
    const header = this.page.locator('.pane-header', { hasText: title });
    return this.page.locator('.part.sidebar .pane', { has: header });
  }

  /** A row of any tree or list that the side bar shows now: those of its other containers are there, too. */
  row(text: Text): Locator {
    const rows = this.page.locator('.part.sidebar .monaco-list-row', { hasText: text });
    return rows.filter({ visible: true }).first();
  }

  async expand(row: Locator): Promise<void> {
    await row.waitFor();
    if ((await row.getAttribute('aria-expanded')) === 'true') return;
    const expanded = row.and(this.page.locator('[aria-expanded="true"]'));
    const twistie = row.locator('.monaco-tl-twistie');
    // A row that is just made anew hides what was to be clicked, or loses the click; to a user too, who clicks again.
    for (let attempt = 1; ; attempt++) {
      const lost = await twistie
        .click({ timeout: 3000 })
        .then(() => expanded.waitFor({ timeout: 3000 }))
        .catch((error: unknown) => error);
      if (lost === undefined) return;
      if (attempt === 20) throw lost;
    }
  }

  /** Opens the context menu of a row, or of anything else, and chooses from it. */
  async chooseFromContextMenu(target: Locator, item: Text): Promise<void> {
    await target.click({ button: 'right' });
    await this.page.locator('.monaco-menu').getByRole('menuitem', { name: item }).hover();
    // Not a click, which a menu ignores when it comes too soon after the one that opened it.
    await this.page.keyboard.press('Enter');
  }

  /** Presses a button of a view's title or of a row, which show on hover only. */
  async pressAction(target: Locator, name: Text): Promise<void> {
    await target.hover();
    await target.getByRole('button', { name }).click();
  }

  /** The modal dialog that contains this text. */
  dialog(text: Text): Locator {
    return this.page.locator('.monaco-dialog-box', { hasText: text });
  }

  async answerDialog(text: Text, button: Text): Promise<void> {
    await this.dialog(text).getByRole('button', { name: button }).click();
    await this.dialog(text).waitFor({ state: 'detached' });
  }

  /** The notification that contains this text. */
  notification(text: Text): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  async answerNotification(text: Text, button: Text): Promise<void> {
    await this.notification(text).getByRole('button', { name: button }).click();
  }

  /** The tab of an open editor or panel. */
  tab(title: Text): Locator {
    return this.page.locator('.part.editor .tab', { hasText: title });
  }

  /** What the visible webview shows: the extension's own page, two frames down. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview:visible').frameLocator('iframe#active-frame');
  }
}
