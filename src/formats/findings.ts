import * as l10n from '@vscode/l10n';
import type { Finding } from './summary.ts';

/** A hostile file can break a rule a million times; nobody reads more than this. */
const maxFindings = 100;

/** Collects what is wrong with a file. */
export class Findings {
  readonly #kept: Finding[] = [];
  #more = 0;

  error(message: string, offset?: number): void {
    this.#add({ severity: 'error', message, offset });
  }

  warning(message: string, offset?: number): void {
    this.#add({ severity: 'warning', message, offset });
  }

  /** Those of another file, which belongs to the model. */
  addFrom(file: string, findings: readonly Finding[]): void {
    for (const { severity, message } of findings) {
      this.#add({ severity, message: l10n.t('In "{0}": {1}', file, message) });
    }
  }

  #add(finding: Finding): void {
    if (this.#kept.length < maxFindings) this.#kept.push(finding);
    else this.#more++;
  }

  list(): readonly Finding[] {
    if (this.#more === 0) return this.#kept;
    const more: Finding = { severity: 'error', message: l10n.t('And {0} more findings.', this.#more) };
    return [...this.#kept, more];
  }
}
