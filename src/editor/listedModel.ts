import type { Node } from './nodes.ts';
import { childrenState } from './rowState.ts';

/** How long after rows were listed the editor may still show those before. */
const showMs = 1000;

export const pageSize = 100;

/** What the editor was given last of a model: its row, and those below it. */
export class ListedModel {
  /** How many versions are shown. */
  shown = pageSize;
  row: string | undefined;
  /** Undefined before anyone asked for the rows below. */
  #children: string | undefined;
  #boxes: string | undefined;
  #at = 0;
  /** The rows that have to be listed anew: the editor loses a click on a row while it waits for the rows. */
  #coming: readonly Node[] = [];

  get isOpened(): boolean {
    return this.#children !== undefined;
  }

  isListed(children: readonly Node[], boxes: string): boolean {
    return childrenState(children) === this.#children && boxes === this.#boxes;
  }

  list(children: readonly Node[], boxes: string): void {
    this.#children = childrenState(children);
    this.#boxes = boxes;
    this.#at = Date.now();
  }

  /** No rows have this state: as soon as they can be had, they are others. */
  listFailed(): void {
    this.#children = '';
  }

  /** They will be listed as soon as the editor asks for them. */
  prepare(children: readonly Node[], boxes: string): void {
    this.#children = childrenState(children);
    this.#boxes = boxes;
    this.#coming = children;
  }

  takeComing(): readonly Node[] | undefined {
    const nodes = this.#coming;
    this.#coming = [];
    return nodes.length > 0 ? nodes : undefined;
  }

  show(versions: number): void {
    this.shown = versions;
    this.#coming = [];
  }

  /** False where a box may not show it, because rows listed before the click came after it. */
  boxClicked(boxes: string): boolean {
    if (Date.now() < this.#at + showMs) this.#boxes = undefined;
    if (this.#boxes !== undefined) this.#boxes = boxes;
    return this.#boxes !== undefined;
  }
}
