// As much of `vscode` as what the panels of this folder's tests are fed by asks for.
export const l10n = {
  t: (message: string, ...values: readonly unknown[]) =>
    message.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
      String(values[Number(index)] ?? placeholder),
    ),
};
export const env = { language: 'en' };
/** What rows and addresses are made of, which nobody here looks at. */
class Made {
  static from(given: unknown): Made {
    return new Made(given);
  }

  readonly given: readonly unknown[];

  constructor(...given: readonly unknown[]) {
    this.given = given;
  }
}

export const ThemeIcon = Made;
export const ThemeColor = Made;
export class TreeItem {
  readonly label: unknown;
  readonly collapsibleState: unknown;

  constructor(label: unknown, collapsibleState: unknown) {
    this.label = label;
    this.collapsibleState = collapsibleState;
  }
}
export class EventEmitter {
  readonly event = () => ({ dispose: () => {} });
  fire(): void {}
  dispose(): void {}
}
export const Disposable = {
  from: (...all: readonly { dispose(): unknown }[]) => ({
    dispose: () => all.forEach((one) => one.dispose()),
  }),
};
export class MarkdownString {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}
export const TreeItemCollapsibleState = { None: 0, Collapsed: 1, Expanded: 2 };
export const TreeItemCheckboxState = {};
export const QuickPickItemKind = { Separator: -1 };
export const FileDecoration = Made;
export const Uri = Made;
export const workspace = {};
export const window = { registerFileDecorationProvider: () => ({ dispose: () => {} }) };
export const commands = { executeCommand: async (..._given: readonly unknown[]): Promise<void> => {} };
