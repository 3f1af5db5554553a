import { userInfo } from 'node:os';
import * as l10n from '@vscode/l10n';
import type { Author } from '../core/facts.ts';

/** The settings of Git that name one. */
export const authorSettings = String.raw`^(author|user)\.(name|email)$`;

/** Whom Git would name as the author of a commit. */
export function authorOf(settings: ReadonlyMap<string, string>): Author {
  const { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, EMAIL: anyEmail } = process.env;
  return {
    name: name?.trim() || settings.get('author.name') || settings.get('user.name') || systemUser(),
    email:
      email?.trim() || settings.get('author.email') || settings.get('user.email') || anyEmail || undefined,
  };
}

/** Whoever the system says uses it. */
export function systemUser(): string {
  try {
    return userInfo().username;
  } catch {
    // Containers may run as a user that the system does not know.
    return process.env['USER'] ?? process.env['USERNAME'] ?? l10n.t('unknown');
  }
}
