import * as vscode from 'vscode';
import type { SideKey } from '../core/versionKey.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { ModelRef } from './openTrail.ts';

export const manifestScheme = 'modeltrail';

/** Which manifest an address stands for. */
export interface ManifestAddress extends SideKey {
  /** When the version was first known, ISO 8601. */
  readonly time?: string;
}

/** The address of the text that stands for a version, or for the working copy. It ends in `.txt` so that the text editor opens it. */
export function manifestUri({ trail, path, version }: ModelRef & { readonly version?: Version }): vscode.Uri {
  const query = new URLSearchParams({ root: trail.root, model: path });
  if (version) {
    query.set('version', version.id);
    query.set('time', version.time);
  }
  const name = version ? `${path} ${versionName(version)}` : path;
  return vscode.Uri.from({ scheme: manifestScheme, path: `/${name}.manifest.txt`, query: query.toString() });
}

export function parseManifestUri(uri: vscode.Uri): ManifestAddress | undefined {
  const query = new URLSearchParams(uri.query);
  const [root, model] = [query.get('root'), query.get('model')];
  if (root === null || model === null) return undefined;
  return { root, model, version: query.get('version') ?? undefined, time: query.get('time') ?? undefined };
}
