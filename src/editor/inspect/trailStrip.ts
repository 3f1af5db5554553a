import { l10n } from 'vscode';
import { type Version, versionName, type WorkingCopy } from '../../core/versions.ts';
import type { Trail } from '../../webview/inspect/messages.ts';
import { stateText } from '../modelItems.ts';
import { relativeTime } from '../text.ts';
import type { Place } from './locate.ts';

/** As many versions as one goes through by hand. */
const mostShown = 300;

/** The versions of a file, and what the file on disk is among them. */
export async function trailStrip({ api, model, trail }: Place): Promise<Trail> {
  const page = await api.versions(model, { offset: 0, limit: mostShown });
  const row = (await trail?.models())?.find(({ path }) => path === model);
  const working = row?.working;
  const same = page.versions.find(({ id }) => id === working?.version);
  return {
    working: working
      ? { state: working.state, text: workingText(working, same, row?.latest), version: working.version }
      : { state: 'untracked', text: '' },
    total: page.total,
    versions: page.versions.map((version) => ({
      id: version.id,
      name: versionName(version),
      message: version.message,
      age: relativeTime(version.time),
      size: version.size,
      tags: [...version.tags],
      stage: version.stage,
    })),
  };
}

/** What the file on disk is against what is recorded of it. */
export function workingText(
  working: WorkingCopy,
  same: Version | undefined,
  latest: Version | undefined,
): string {
  if (working.state !== 'changed') return stateText(working, same);
  return latest ? l10n.t('changed since {0}', versionName(latest)) : l10n.t('not recorded');
}
