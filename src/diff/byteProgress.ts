import { type Operation, throwIfCancelled } from '../core/operation.ts';

/** How far a comparison is, counted in the bytes of both sides. */
export class ByteProgress {
  readonly #operation: Operation;
  readonly #label: string;
  #total = 0;
  /** Of what is done with, and of what is under way. */
  #done = 0;
  #current = 0;

  constructor(operation: Operation, label: string) {
    this.#operation = operation;
    this.#label = label;
  }

  get signal(): AbortSignal {
    return this.#operation.signal;
  }

  expect(bytes: number): void {
    this.#total += bytes;
  }

  /** @param bytes of what is under way: what is read a second time does not count again */
  at(bytes: number): void {
    throwIfCancelled(this.#operation);
    this.#current = Math.max(this.#current, bytes);
    const done = Math.min(this.#total, this.#done + this.#current);
    this.#operation.report({ label: this.#label, done, total: this.#total });
  }

  /** @param bytes as they were expected */
  finished(bytes: number): void {
    throwIfCancelled(this.#operation);
    this.#done += bytes;
    this.#current = 0;
    this.#operation.report({ label: this.#label, done: this.#done, total: this.#total });
  }
}
