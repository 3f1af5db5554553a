import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const idleMs = 10_000;

interface Asked<Answer> {
  resolve(answer: Answer): void;
  reject(reason: Error): void;
}

/** What a thread answers, with the number of the question. */
export interface Numbered {
  readonly request: number;
}

/**
 * A thread that answers questions, in their order. It ends when it has had nothing to do for a while, and never keeps the process alive
 * by that.
 */
export class HelperThread<Question extends object, Answer extends Numbered> {
  /** Called after each answer: it may have time for more. */
  onAnswer: () => void = () => {};
  readonly #worker: Worker;
  readonly #asked = new Map<number, Asked<Answer>>();
  readonly #idle: NodeJS.Timeout;
  #last = 0;
  #end: Error | undefined;

  /** @param program without its ending: a bundle beside ours, or a source file */
  constructor(name: string, program: string) {
    const bundle = `${program}.cjs`;
    this.#worker = new Worker(existsSync(bundle) ? bundle : `${program}.ts`, { name: `modeltrail-${name}` });
    this.#worker.on('message', (answer: Answer) => {
      this.#settle(answer.request)?.resolve(answer);
      this.onAnswer();
    });
    this.#worker.on('error', (error) => this.#ended(error));
    this.#worker.on('exit', () => this.#ended(new Error(`The thread modeltrail-${name} has ended.`)));
    this.#worker.unref();
    this.#idle = setTimeout(() => this.#endIfIdle(), idleMs).unref();
  }

  /** How many questions it has not answered. */
  get asked(): number {
    return this.#asked.size;
  }

  /** Whether it has ended, or is about to. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** @returns the answer; rejects when the thread ends before it, or could not start */
  ask(question: Question): Promise<Answer> {
    if (this.#end) return Promise.reject(this.#end);
    const request = this.nextNumber();
    return new Promise((resolve, reject) => {
      this.#asked.set(request, { resolve, reject });
      this.#worker.ref();
      this.send({ ...question, request });
    });
  }

  /** Whether it must not end though nothing is asked. */
  protected isNeeded(): boolean {
    return false;
  }

  protected nextNumber(): number {
    return ++this.#last;
  }

  protected send(message: object): void {
    this.#worker.postMessage(message);
  }

  #settle(request: number): Asked<Answer> | undefined {
    const asked = this.#asked.get(request);
    this.#asked.delete(request);
    if (this.#asked.size === 0) {
      this.#worker.unref();
      this.#idle.refresh();
    }
    return asked;
  }

  #endIfIdle(): void {
    if (this.isNeeded() || this.#asked.size > 0) return void this.#idle.refresh();
    this.#end = new Error('The thread ended because nobody asked it anything.');
    void this.#worker.terminate();
  }

  #ended(error: Error): void {
    this.#end ??= error;
    for (const request of this.#asked.keys()) this.#settle(request)?.reject(error);
    clearTimeout(this.#idle);
  }
}
