import * as vscode from 'vscode';
import { shortId } from '../core/shortId.ts';
import { versionName } from '../core/versions.ts';
import { stateText } from './modelItems.ts';
import type { ModelRef } from './openTrail.ts';

/** Which version a model is now: `v4`, `changed since v4`... @returns undefined when it is no model any more */
export async function workingVersion({ trail, path }: ModelRef): Promise<string | undefined> {
  const row = (await trail.models()).find((row) => row.path === path);
  if (!row) return undefined;
  const { working, latest } = row;
  if (working.state === 'same' && working.version !== undefined) {
    if (latest?.id === working.version) return versionName(latest);
    const version = await trail.api.version({ model: path, version: working.version });
    return version ? versionName(version) : shortId(working.version);
  }
  if (working.state === 'changed' && latest) return vscode.l10n.t('changed since {0}', versionName(latest));
  return stateText(row, undefined);
}
