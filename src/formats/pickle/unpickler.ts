import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { Malformed } from '../byteCursor.ts';
import { readArgument } from './arguments.ts';
import type { PickleInput } from './input.ts';
import { PickleMachine } from './machine.ts';
import { argumentKinds, op } from './opcodes.ts';
import { TooLarge, type PickleRecord } from './record.ts';
import { isCall, type PyCall, type Value } from './values.ts';

export interface Loaded {
  /** As far as it was read; undefined when there is nothing. */
  readonly value: Value | undefined;
  /** Whether its end was reached. */
  readonly complete: boolean;
}

/** Reads what a container put between the instructions of a pickle, after an object that says so; undefined for all others. */
export type InterludeReader = (object: PyCall, unpickler: Unpickler) => Promise<Value | undefined>;

/** Each takes a nested pickle of joblib. */
const maxNesting = 8;

/** Reads the pickles of a stream, one after the other. What is wrong with one becomes a finding. */
export class Unpickler {
  readonly input: PickleInput;
  readonly #record: PickleRecord;
  readonly #interlude: InterludeReader | undefined;
  #nesting = 0;

  constructor(input: PickleInput, record: PickleRecord, interlude?: InterludeReader) {
    this.input = input;
    this.#record = record;
    this.#interlude = interlude;
  }

  /** Reads one pickle, up to its STOP. @throws TrailError `cancelled`, or when the bytes cannot be read */
  async load(): Promise<Loaded> {
    const machine = new PickleMachine(this.#record);
    try {
      await this.#run(machine);
      return { value: machine.stack.pop(), complete: true };
    } catch (error) {
      this.#explain(error);
      return { value: machine.stack.salvage(), complete: false };
    }
  }

  async #run(machine: PickleMachine): Promise<void> {
    const { input } = this;
    let frameEnd = 0;
    for (;;) {
      if (!input.has(1)) await input.need(1);
      const start = input.position;
      const code = input.u8();
      const kind = argumentKinds[code];
      if (kind === undefined) {
        throw new Malformed(l10n.t('The byte {0} is no instruction of a pickle.', code));
      }
      this.#record.countInstruction();
      let argument = readArgument(input, kind);
      if (argument instanceof Promise) argument = await argument;
      if (start < frameEnd && (code === op.frame || input.position > frameEnd)) {
        // Versions of Python differ in what they read then.
        const message = l10n.t(
          'The pickle does not keep to its frames, so that readers differ in what they find.',
        );
        this.#record.draft.findings.warning(message, input.fileOffset(start));
        frameEnd = 0;
      }
      if (code === op.stop) return;
      if (code === op.frame) frameEnd = input.position + Number(argument);
      machine.execute(code, argument, input.fileOffset(start));
      if (code === op.build && this.#interlude) await this.#readInterlude(machine, this.#interlude);
    }
  }

  async #readInterlude(machine: PickleMachine, read: InterludeReader): Promise<void> {
    if (!isCall(machine.stack.top)) return;
    if (this.#nesting === maxNesting) throw new Malformed();
    this.#nesting++;
    const value = await read(machine.stack.top, this);
    this.#nesting--;
    if (value !== undefined) machine.stack.replaceTop(value);
  }

  #explain(error: unknown): void {
    const { draft } = this.#record;
    const at = this.input.fileOffset(this.input.position);
    if (error instanceof TooLarge || TrailError.is(error, 'refused')) draft.notRead(error.message, at);
    else if (error instanceof AlreadyTold) draft.complete = false;
    else if (error instanceof Malformed) {
      draft.damaged(error.message || l10n.t('From here on the pickle makes no sense.'), at);
    } else throw error;
  }
}

/** What stops an outer pickle when a nested one is broken. */
export class AlreadyTold extends Malformed {}
