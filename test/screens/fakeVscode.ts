// As much of `vscode` as what the panels of this folder's tests are fed by asks for.
export const l10n = {
  t: (message: string, ...values: readonly unknown[]) =>
    message.replace(/\{(\d+)\}/g, (placeholder, index: string) =>
      String(values[Number(index)] ?? placeholder),
    ),
};
export const env = { language: 'en' };
export class ThemeIcon {}
export class ThemeColor {}
export const TreeItemCollapsibleState = {};
export const FileDecoration = class {};
export const Uri = class {};
export const workspace = {};
export const window = {};
