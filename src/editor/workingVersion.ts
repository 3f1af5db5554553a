import * as vscode from 'vscode';
import type { ContentId } from '../core/facts.ts';
import { shortId } from '../core/shortId.ts';
import { versionName } from '../core/versions.ts';
import { stateText } from './modelItems.ts';
import type { ModelRef } from './openTrail.ts';

/** What a version of a model is called, also when nothing else is known of it. */
export async function nameOfVersion({ trail, path }: ModelRef, id: ContentId): Promise<string> {
  const version = await trail.api.version({ model: path, version: id });
  return version ? versionName(version) : shortId(id);
}

/** Which version a model is now: `v4`, `changed since v4`... @returns undefined when it is no model any more */
export async function workingVersion(model: ModelRef): Promise<string | undefined> {
  const { trail, path } = model;
  const row = (await trail.models()).find((row) => row.path === path);
  if (!row) return undefined;
  const { working, latest } = row;
  if (working.state === 'same' && working.version !== undefined)
    return latest?.id === working.version ? versionName(latest) : nameOfVersion(model, working.version);
  if (working.state === 'changed' && latest) return vscode.l10n.t('changed since {0}', versionName(latest));
  return stateText(row, undefined);
}
