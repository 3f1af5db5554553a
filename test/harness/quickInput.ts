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

  /** In the open command palette, runs the command with this whole label. */
  async runCommand(label: string): Promise<void> {
    await this.#box.fill(`>${label}`);
    await this.widget.locator('.monaco-list-row').getByText(label, { exact: true }).first().click();
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

  /** Answers with what is already there. */
  async accept(question: string | RegExp): Promise<void> {
    await this.waitFor(question);
    await this.#box.press('Enter');
  }
}
