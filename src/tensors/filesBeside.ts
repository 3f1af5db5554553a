import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import { displayText } from '../formats/displayText.ts';
import type { ClosableAccess, RandomAccess } from '../formats/randomAccess.ts';
import type { ReadContext } from '../formats/readers.ts';

/** The files beside a model that hold weights of it: each is opened once, when it is first read. */
export class FilesBeside {
  readonly #open: ReadContext['sibling'];
  readonly #opened = new Map<string, Promise<ClosableAccess | undefined>>();

  constructor(open: ReadContext['sibling']) {
    this.#open = open;
  }

  get canOpen(): boolean {
    return this.#open !== undefined;
  }

  /** @throws TrailError `notFound` */
  async get(name: string): Promise<RandomAccess> {
    let opening = this.#opened.get(name);
    if (!opening) {
      opening = Promise.resolve(this.#open?.(name));
      this.#opened.set(name, opening);
    }
    const access = await opening;
    if (access) return access;
    throw new TrailError(
      'notFound',
      l10n.t('The file "{0}", which holds weights, is missing.', displayText(name)),
    );
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#opened.values());
    for (const result of opened) if (result.status === 'fulfilled') await result.value?.close();
    this.#opened.clear();
  }
}
