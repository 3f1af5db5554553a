export interface WorkbenchTarget {
  /** Or a `.code-workspace` file. */
  readonly folder?: string;
  readonly extensionDevelopmentPath?: string;
  readonly extensionTestsPath?: string;
}

/** The address that opens a folder, and an extension from its source folder, in a served editor. Paths are absolute. */
export function workbenchUrl(address: string, target: WorkbenchTarget): string {
  const remote = (path: string) => `vscode-remote://${new URL(address).host}${encodeURI(path)}`;
  const payload: [string, string][] = [];
  for (const key of ['extensionDevelopmentPath', 'extensionTestsPath'] as const) {
    const path = target[key];
    if (path !== undefined) payload.push([key, remote(path)]);
  }
  const url = new URL(address);
  if (target.folder !== undefined) {
    url.searchParams.set(target.folder.endsWith('.code-workspace') ? 'workspace' : 'folder', target.folder);
  }
  if (payload.length > 0)
    url.searchParams.set('payload', JSON.stringify([...payload, ['skipWelcome', 'true']]));
  return url.href;
}
