import { l10n } from 'vscode';
import { type Version, versionName } from '../../core/versions.ts';
import type { ModelRow } from '../../trail/api/models.ts';
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
  const same = page.versions.find(({ id }) => id === row?.working.version);
  return {
    working: row
      ? { state: row.working.state, text: workingText(row, same), version: row.working.version }
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
export function workingText(row: ModelRow, same: Version | undefined): string {
  const { working, latest } = row;
  if (working.state === 'changed' && latest) return l10n.t('changed since {0}', versionName(latest));
  return stateText(row, same);
}
