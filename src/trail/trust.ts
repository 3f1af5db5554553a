import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { TrailContext } from './context.ts';

/** Before anything is changed. @throws TrailError `refused` */
export function requireTrusted({ settings }: TrailContext): void {
  if (settings.trusted) return;
  throw new TrailError(
    'refused',
    l10n.t('Nothing can be changed in a workspace that is not trusted. Trust it first.'),
  );
}
