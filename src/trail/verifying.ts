import * as l10n from '@vscode/l10n';
import { type Operation, throwIfCancelled } from '../core/operation.ts';
import { versionName } from '../core/versions.ts';
import type { Problem, VerifyReport } from './api.ts';
import { locate, whereFrom } from './contents.ts';
import type { TrailContext } from './context.ts';

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
    const elsewhere = result === 'ok' ? undefined : await locate(context, version);
    if (result === 'damaged') {
      const message =
        elsewhere && elsewhere.kind !== 'store'
          ? l10n.t(
              'The kept bytes of {0} are damaged. Git still has them: rolling back to it is safe.',
              label,
            )
          : l10n.t('The kept bytes of {0} are damaged: they no longer match {1}.', label, version.id);
      problems.push({ path: version.model, message });
    } else if (result === 'missing' && !elsewhere) {
      problems.push({ path: version.model, message: await whereFrom(context, version) });
    }
  }
  return { checked: recorded.length, bytes: total, problems };
}
