import * as l10n from '@vscode/l10n';
import path from 'node:path';
import { foldSeries } from '../../core/foldSeries.ts';
import { formatBytes } from '../../core/formatBytes.ts';
import { nameOfSeries, numbersIn, seriesOfPath } from '../../core/series.ts';
import { shortId } from '../../core/shortId.ts';
import { type WorkingCopy, versionName } from '../../core/versions.ts';
import type { ModelRow } from '../../trail/api/models.ts';
import type { Session } from '../command.ts';
import { firstLine, formatAge, formatLabels } from '../format.ts';
import { styled } from '../style.ts';
import { table } from '../table.ts';

interface Line {
  readonly row: ModelRow;
  readonly state: string;
}

/** The models, a line each; of a long series those that equal their versions alike are one line, and those that are new. */
export async function modelTable(session: Session, rows: readonly ModelRow[]): Promise<string> {
  const lines = await Promise.all(
    rows.map(async (row) => ({
      row,
      state: await workingText(session, row.path, row.working, row.latest?.id),
    })),
  );
  const groups = foldSeries(lines, ({ row, state }) =>
    isOneOfMany(row) ? `${seriesOfPath(row.path)} ${state}` : row.path,
  );
  const cells = groups.map(([first, ...others]) =>
    first === undefined
      ? []
      : others.length > 0
        ? seriesCells(session, [first, ...others])
        : modelCells(session, first),
  );
  return table(cells, { columns: session.columns, elastic: 6, right: new Set([2]) });
}

/** What changed, is missing or moved is to be seen by its name. */
function isOneOfMany({ working: { state, movedFrom }, latest }: ModelRow): boolean {
  return state === 'same' || (state === 'changed' && latest === undefined && movedFrom === undefined);
}

function modelCells({ paths, now }: Session, { row, state }: Line): readonly string[] {
  const { working, latest } = row;
  return [
    styled('bold', paths.shown(row.path)),
    state,
    working.size === undefined ? '' : formatBytes(working.size),
    latest ? styled('cyan', versionName(latest)) : '',
    latest ? formatLabels(latest) : '',
    formatAge(latest?.time, now),
    latest ? firstLine(latest.message) : '',
  ];
}

function seriesCells({ paths, now }: Session, lines: readonly Line[]): readonly string[] {
  const folder = path.dirname(paths.shown(lines[0]?.row.path ?? ''));
  const names = lines.map(({ row }) => path.posix.basename(row.path));
  const name = nameOfSeries(names[0] ?? '', names.map(numbersIn));
  const times = lines.flatMap(({ row }) => row.latest?.time ?? []).sort();
  return [
    styled('bold', path.join(folder, name)),
    l10n.t('{0} ({1} models)', lines[0]?.state ?? '', lines.length),
    formatBytes(lines.reduce((sum, { row }) => sum + (row.working.size ?? 0), 0)),
    '',
    '',
    formatAge(times.at(-1), now),
    '',
  ];
}

async function workingText(
  session: Session,
  model: string,
  working: WorkingCopy,
  latest: string | undefined,
): Promise<string> {
  const version =
    working.version === undefined
      ? undefined
      : await session.trail.version({ model, version: working.version });
  const name = version ? versionName(version) : shortId(working.version ?? '');
  switch (working.state) {
    case 'same':
      return version?.id === latest ? l10n.t('unchanged') : l10n.t('is {0}', name);
    case 'changed':
      return styled('yellow', latest === undefined ? l10n.t('new') : l10n.t('changed'));
    case 'unchecked':
      return l10n.t('not compared');
    case 'pointer':
      return pointerText(name, working);
    case 'missing':
      return styled('red', l10n.t('missing'));
    case 'unreadable':
      return styled('red', l10n.t('unreadable'));
  }
}

function pointerText(name: string, { version, object }: WorkingCopy): string {
  const areSeveral = version === undefined;
  switch (object) {
    case 'lfs':
      return areSeveral
        ? l10n.t('LFS pointers, objects here: git lfs checkout')
        : l10n.t('pointer to {0}, object here: git lfs checkout', name);
    case 'store':
      return areSeveral
        ? l10n.t('LFS pointers, objects kept here')
        : l10n.t('pointer to {0}, object kept here', name);
    case undefined:
      return areSeveral ? l10n.t('LFS pointers') : l10n.t('pointer to {0}', name);
  }
}
