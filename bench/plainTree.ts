import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The view of the plain extension has the same names as ours, so that both are measured alike. */
const names = { container: 'Modeltrail', view: 'Models' };

/** Makes an extension whose view has one row, known beforehand: what the editor itself takes from a click to a row. @returns its folder */
export function makePlainTree(folder: string, row: string): string {
  mkdirSync(folder, { recursive: true });
  const views = { plain: [{ id: 'plain.rows', name: names.view }] };
  const manifest = {
    name: 'plain-tree',
    publisher: 'bench',
    version: '1.0.0',
    engines: { vscode: '^1.104.0' },
    main: './extension.cjs',
    activationEvents: [],
    contributes: {
      viewsContainers: { activitybar: [{ id: 'plain', title: names.container, icon: 'icon.svg' }] },
      views,
    },
  };
  const source = `exports.activate = () => {
  const vscode = require('vscode');
  const treeDataProvider = { getChildren: () => [${JSON.stringify(row)}], getTreeItem: (label) => new vscode.TreeItem(label) };
  vscode.window.createTreeView('plain.rows', { treeDataProvider });
};`;
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify(manifest));
  writeFileSync(path.join(folder, 'extension.cjs'), source);
  writeFileSync(
    path.join(folder, 'icon.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="8"/></svg>',
  );
  return folder;
}
