import { type Operation, throwIfCancelled } from '../core/operation.ts';

/** Less is not worth telling, in bytes. */
const leastStep = 2 ** 20;

/** How far a comparison is, counted in the bytes of both sides. */
export class ByteProgress {
  readonly #operation: Operation;
  readonly #label: string;
  #total = 0;
  /** Of what is done with, and of what is under way. */
  #done = 0;
  #current = 0;
  #reported = 0;

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
    this.#report(Math.min(this.#total, this.#done + this.#current));
  }

  /** @param bytes as they were expected */
  finished(bytes: number): void {
    throwIfCancelled(this.#operation);
    this.#done += bytes;
    this.#current = 0;
    this.#report(this.#done);
  }

  #report(done: number): void {
    if (done < this.#reported + leastStep && done < this.#total) return;
    this.#reported = done;
    this.#operation.report({ label: this.#label, done, total: this.#total });
  }
}
