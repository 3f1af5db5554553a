import path from 'node:path';
import * as l10n from '@vscode/l10n';
import type { ModelPath } from '../../core/facts.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * A sentence where a metrics file was written so long before its model that it may be of an earlier training. Undefined for less than two
 * minutes: a training writes one after the other.
 * @param ms by how much it is older, in milliseconds
 */
export function saidToBeOlder(file: string, model: ModelPath, ms: number): string | undefined {
  const [name, base] = [path.basename(file), path.posix.basename(model)];
  if (ms >= 2 * dayMs)
    return l10n.t(
      '{0} was written {1} days before {2}: its metrics were recorded, so check that they are those of this version.',
      name,
      Math.floor(ms / dayMs),
      base,
    );
  if (ms >= 2 * hourMs)
    return l10n.t(
      '{0} was written {1} hours before {2}: its metrics were recorded, so check that they are those of this version.',
      name,
      Math.floor(ms / hourMs),
      base,
    );
  if (ms < 2 * minuteMs) return undefined;
  return l10n.t(
    '{0} was written {1} minutes before {2}: its metrics were recorded, so check that they are those of this version.',
    name,
    Math.floor(ms / minuteMs),
    base,
  );
}
