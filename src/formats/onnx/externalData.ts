import { posix } from 'node:path';
import * as l10n from '@vscode/l10n';
import { displayText } from '../displayText.ts';
import type { ReadContext } from '../readers.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import type { FilePlace } from '../tensorStorage.ts';

/** Where a tensor says that its bytes are, as it is written. */
export type ExternalRange = ReadonlyMap<string, string>;

const maxFiles = 10_000;

/** The files beside the model that hold weights, and how long each must at least be. */
export class ExternalFiles {
  readonly #ends = new Map<string, { end: number; at: number }>();
  readonly #locations = new Set<string>();

  /** All that are named, as they are written. */
  get locations(): readonly string[] {
    return [...this.#locations];
  }

  /**
   * Takes note of a range.
   * @param at where in the model it is said
   * @returns the range; undefined where it is none in the folder of the model
   */
  add(
    draft: SummaryDraft,
    name: string,
    range: ExternalRange,
    byteLength: number,
    at: number,
  ): FilePlace | undefined {
    const location = range.get('location') ?? '';
    const offset = wholeNumber(range.get('offset'), 0);
    const length = wholeNumber(range.get('length'), byteLength);
    const shown = displayText(name);
    if (this.#locations.size < maxFiles) this.#locations.add(location);
    if (!isInFolder(location)) {
      const message = l10n.t(
        'The bytes of the tensor "{0}" are said to be in "{1}", which is no file in the folder of the model.',
        shown,
        displayText(location),
      );
      draft.findings.error(message, at);
      return undefined;
    }
    if (offset === undefined || length === undefined) {
      draft.findings.error(l10n.t('The offsets of the tensor "{0}" are not a range of bytes.', shown), at);
      return undefined;
    }
    if (length !== byteLength) {
      const message = l10n.t(
        'The tensor "{0}" has {1} bytes, but its shape and type need {2}.',
        shown,
        length,
        byteLength,
      );
      draft.findings.error(message, at);
    }
    const end = Math.max(offset + length, this.#ends.get(location)?.end ?? 0);
    if (this.#ends.size < maxFiles) this.#ends.set(location, { end, at });
    return { kind: 'file', file: posix.normalize(location), offset, length };
  }

  /** Looks whether the files are there and long enough, where they can be looked at. */
  async check(draft: SummaryDraft, { sibling, signal }: ReadContext): Promise<void> {
    if (!sibling) return;
    for (const [location, { end, at }] of this.#ends) {
      if (signal.aborted) return;
      const name = posix.normalize(location);
      if (name.includes('/')) continue;
      const file = await sibling(name);
      if (!file) {
        draft.findings.error(
          l10n.t('The file "{0}", which holds weights, is missing.', displayText(name)),
          at,
        );
        continue;
      }
      const { size } = file;
      await file.close();
      if (size >= end) continue;
      const message = l10n.t(
        'The file "{0}" ends {1} bytes before the weights in it do.',
        displayText(name),
        end - size,
      );
      draft.findings.error(message, at);
    }
  }
}

/** A relative path that leads nowhere else, on no system. */
export function isInFolder(location: string): boolean {
  // oxlint-disable-next-line no-control-regex
  if (location === '' || /[\\:\0]/.test(location) || location.startsWith('/')) return false;
  return !location.split('/').includes('..') && posix.normalize(location) !== '.';
}

function wholeNumber(text: string | undefined, otherwise: number): number | undefined {
  if (text === undefined) return otherwise;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}
