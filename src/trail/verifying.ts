import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { type Version, versionName } from '../core/versions.ts';
import type { DamagedRange } from '../store/contentReader.ts';
import type { Problem, VerifyReport } from './api.ts';
import { locateElsewhere, whereFrom } from './contents.ts';
import type { TrailContext } from './context.ts';
import { damageText } from './damage.ts';

/** Reads every recorded content again and compares it with its name; says what is damaged and what is not here. */
export async function verify(context: TrailContext, operation: Operation): Promise<VerifyReport> {
  const recorded = context.catalogue
    .models()
    .flatMap((model) => context.catalogue.versionsOf(model))
    .filter((version) => version.number !== undefined);
  const total = recorded.reduce((sum, version) => sum + version.size, 0);
  const problems: Problem[] = [];
  let done = 0;
  for (const version of recorded) {
    throwIfCancelled(operation);
    const before = done;
    const label = `${version.model} ${versionName(version)}`;
    const result = await context.store.check(version.id, {
      signal: operation.signal,
      report: (progress) => operation.report({ label, done: before + progress.done, total }),
    });
    done += version.size;
    const elsewhere = result === 'ok' ? undefined : await locateElsewhere(context, version);
    if (result === 'damaged') {
      const message = elsewhere
        ? l10n.t('The kept bytes of {0} are damaged. Git still has them: rolling back to it is safe.', label)
        : await damageText(context, version, await damagedRanges(context, version, operation));
      problems.push({ path: version.model, message });
    } else if (result === 'missing' && !elsewhere) {
      problems.push({ path: version.model, message: await whereFrom(context, version) });
    }
  }
  return { checked: recorded.length, bytes: total, problems };
}

/** None when not even the list of blocks can be read. */
async function damagedRanges(
  context: TrailContext,
  version: Version,
  operation: Operation,
): Promise<readonly DamagedRange[]> {
  try {
    return await context.store.damagedRanges(version.id, operation);
  } catch (error) {
    if (TrailError.is(error, 'damaged')) return [];
    throw error;
  }
}
