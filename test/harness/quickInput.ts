import path from 'node:path';
import type { Locator, Page } from 'playwright-core';

/** The one widget that is VS Code's command palette, QuickPick and InputBox. */
export class QuickInput {
  readonly #page: Page;
  readonly widget: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.widget = page.locator('.quick-input-widget:visible');
  }

  get #box(): Locator {
    return this.widget.locator('.quick-input-box input');
  }

  /** A row of the list. */
  row(text: string | RegExp): Locator {
    return this.widget.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  /** Opens the command palette and runs the command with this whole label. */
  async runCommand(label: string): Promise<void> {
    const command = this.widget.locator('.monaco-list-row').getByText(label, { exact: true }).first();
    // An editor that is just opening takes the focus, which loses the key or closes the palette; a user opens it again.
    for (let attempt = 1; ; attempt++) {
      await this.#page.keyboard.press('F1');
      const lost = await this.#box
        .fill(`>${label}`, { timeout: 3000 })
        .then(() => command.click({ timeout: 3000 }))
        .catch((error: unknown) => error);
      if (lost === undefined) break;
      if (attempt === 20) throw lost;
    }
    // The widget closes, or shows the command's own question next: either way the palette's text is gone.
    await this.#page.waitForFunction(() => {
      const widget = document.querySelector<HTMLElement>('.quick-input-widget');
      const input = widget?.querySelector<HTMLInputElement>('.quick-input-box input');
      return !widget?.checkVisibility() || !input?.value.startsWith('>');
    });
  }

  /** Waits for the question with this text as its title, prompt or placeholder. */
  async waitFor(question: string | RegExp): Promise<void> {
    await this.widget
      .filter({ hasText: question })
      .or(this.widget.filter({ has: this.#page.getByPlaceholder(question) }))
      .waitFor();
  }

  /** Answers a QuickPick with the row that contains this text. */
  async pick(question: string | RegExp, row: string | RegExp): Promise<void> {
    await this.waitFor(question);
    await this.row(row).click();
  }

  /** Answers an InputBox. */
  async type(question: string | RegExp, text: string): Promise<void> {
    await this.waitFor(question);
    await this.#box.fill(text);
    await this.#box.press('Enter');
  }

  /** Answers the editor's own dialog for a file, which is a QuickPick of the files of one folder. */
  async chooseFile(title: string | RegExp, file: string): Promise<void> {
    await this.waitFor(title);
    // It shows the folder that it starts in only when it has listed it, over whatever was typed before that.
    await this.row(/./).waitFor();
    await this.#box.fill(file);
    await this.row(path.basename(file)).click();
  }

  /** Answers with what is already there. */
  async accept(question: string | RegExp): Promise<void> {
    await this.waitFor(question);
    await this.#box.press('Enter');
  }
}
