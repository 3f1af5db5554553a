import * as l10n from '@vscode/l10n';
import { Malformed } from '../byteCursor.ts';
import { parseFloatingPoint, parseInteger, parseQuoted, parseRawUnicode } from './literals.ts';
import { op } from './opcodes.ts';
import { pythonThreeName } from './pythonTwo.ts';
import type { PickleRecord } from './record.ts';
import { entriesOf, itemsOf, PickleStack, slotCost } from './stack.ts';
import type { PyGlobal, Value } from './values.ts';

/** What an entry of the memo takes of memory, roughly, in bytes. */
const memoCost = 64;

/**
 * The machine that one pickle is a program for. Executes instructions on inert records: where Python would import, call or set, this writes
 * down that it would.
 */
export class PickleMachine {
  readonly #record: PickleRecord;
  readonly stack: PickleStack;
  readonly #memo = new Map<number, Value>();
  #protocol = 0;

  constructor(record: PickleRecord) {
    this.#record = record;
    this.stack = new PickleStack(record);
  }

  /** @param at where the instruction is in the file, if it is there as it is @throws Malformed, TooLarge */
  execute(code: number, argument: Value, at: number | undefined): void {
    switch (code) {
      case op.proto:
        this.#protocol = Number(argument);
        if (this.#protocol > 5) {
          throw new Malformed(l10n.t('The pickle protocol {0} is not known.', this.#protocol));
        }
        this.#record.protocol = Math.max(this.#record.protocol, this.#protocol);
        return;
      case op.frame:
      case op.readOnlyBuffer:
        return;
      case op.none:
        return this.stack.push(null);
      case op.newTrue:
        return this.stack.push(true);
      case op.newFalse:
        return this.stack.push(false);
      case op.int:
      case op.long:
        return this.stack.push(parseInteger(String(argument)));
      case op.float:
        return this.stack.push(parseFloatingPoint(String(argument)));
      case op.string:
        return this.stack.push(parseQuoted(String(argument)));
      case op.unicode:
        return this.stack.push(parseRawUnicode(String(argument)));
      case op.emptyTuple:
        return this.stack.push({ kind: 'tuple', items: [] });
      case op.emptyList:
        return this.stack.push({ kind: 'list', items: [] });
      case op.emptySet:
        return this.stack.push({ kind: 'set', items: [] });
      case op.emptyDict:
        return this.stack.push({ kind: 'dict', entries: [] });
      case op.tuple1:
        return this.stack.push({ kind: 'tuple', items: this.stack.popMany(1) });
      case op.tuple2:
        return this.stack.push({ kind: 'tuple', items: this.stack.popMany(2) });
      case op.tuple3:
        return this.stack.push({ kind: 'tuple', items: this.stack.popMany(3) });
      case op.tuple:
        return this.stack.push({ kind: 'tuple', items: this.stack.popMark() });
      case op.list:
        return this.stack.push({ kind: 'list', items: this.stack.popMark() });
      case op.frozenSet:
        return this.stack.push({ kind: 'set', items: this.stack.popMark() });
      case op.dict:
        return this.stack.push({ kind: 'dict', entries: pairs(this.stack.popMark()) });
      case op.append:
        return this.#append(this.stack.popMany(1));
      case op.appends:
      case op.addItems:
        return this.#append(this.stack.popMark());
      case op.setItem:
        return this.#setItems(this.stack.popMany(2));
      case op.setItems:
        return this.#setItems(this.stack.popMark());
      case op.mark:
        return this.stack.mark();
      case op.pop:
        return this.stack.drop();
      case op.popMark:
        this.stack.popMark();
        return;
      case op.dup: {
        const value = this.stack.target();
        return this.stack.push(value);
      }
      case op.get:
        return this.#recall(parseInteger(String(argument)));
      case op.binGet:
      case op.longBinGet:
        return this.#recall(argument);
      case op.put:
        return this.#memoize(parseInteger(String(argument)));
      case op.binPut:
      case op.longBinPut:
        return this.#memoize(argument);
      case op.memoize:
        return this.#memoize(this.#memo.size);
      case op.global:
        return this.stack.push(this.#global(argument, at));
      case op.stackGlobal: {
        const [module = null, name = null] = this.stack.popMany(2);
        if (typeof module === 'string' && typeof name === 'string') {
          return this.stack.push(this.#global({ kind: 'global', module, name }, at));
        }
        return this.stack.push(this.#computedImport(at));
      }
      case op.ext1:
      case op.ext2:
      case op.ext4:
        return this.stack.push(
          this.#global({ kind: 'global', module: 'copyreg', name: `extension ${argument}` }, at),
        );
      case op.inst:
        return this.#call(this.#global(argument, at), { kind: 'tuple', items: this.stack.popMark() });
      case op.obj: {
        const [callable, ...items] = this.stack.popMark();
        if (callable === undefined) throw new Malformed();
        return this.#call(callable, { kind: 'tuple', items });
      }
      case op.reduce:
      case op.newObj: {
        const [callable = null, args = null] = this.stack.popMany(2);
        return this.#call(callable, args);
      }
      case op.newObjEx: {
        const [callable = null, args = null, kwargs = null] = this.stack.popMany(3);
        return this.#call(callable, args, kwargs);
      }
      case op.build:
        return this.#build(this.stack.pop(), at);
      case op.persid:
        return this.#persistent(argument);
      case op.binPersid:
        return this.#persistent(this.stack.pop());
      case op.nextBuffer:
        return this.stack.push({ kind: 'persistent', id: 'buffer' });
      default:
        // All that is left carries its value.
        return this.stack.push(argument);
    }
  }

  #append(items: readonly Value[]): void {
    const target = this.stack.target();
    this.#record.spend(items.length * slotCost);
    const held = itemsOf(target);
    if (held) for (const item of items) held.push(item);
    else throw new Malformed(l10n.t('Something is put into what holds nothing.'));
  }

  #setItems(items: Value[]): void {
    const target = this.stack.target();
    this.#record.spend(items.length * slotCost);
    const entries = entriesOf(target);
    if (entries) for (const item of pairs(items)) entries.push(item);
    else throw new Malformed(l10n.t('Something is put into what holds nothing.'));
  }

  #recall(index: Value): void {
    const value = typeof index === 'number' ? this.#memo.get(index) : undefined;
    if (value === undefined) throw new Malformed(l10n.t('The pickle refers to what it did not note.'));
    this.stack.push(value);
  }

  #memoize(index: Value): void {
    if (typeof index !== 'number' || index < 0) throw new Malformed();
    this.#record.spend(memoCost);
    this.#memo.set(index, this.stack.target());
  }

  #global(value: Value, at: number | undefined): PyGlobal {
    if (typeof value !== 'object' || value?.kind !== 'global') throw new Malformed();
    const global = this.#protocol < 3 ? pythonThreeName(value) : value;
    this.#record.import({ ...global, offset: at });
    return global;
  }

  #computedImport(at: number | undefined): PyGlobal {
    this.#record.draft.findings.warning(
      l10n.t('The pickle computes the name of something that it imports.'),
      at,
    );
    return this.#global({ kind: 'global', module: '?', name: '?' }, at);
  }

  #persistent(id: Value): void {
    this.#record.persistent.push(id);
    this.stack.push({ kind: 'persistent', id });
  }

  #call(callable: Value, args: Value, kwargs?: Value): void {
    this.stack.push({ kind: 'call', callable, args, kwargs });
  }

  #build(state: Value, at: number | undefined): void {
    const target = this.stack.target();
    const kind = typeof target === 'object' ? target?.kind : undefined;
    if (typeof target === 'object' && target?.kind === 'call') target.state = state;
    else if (kind === 'global') {
      this.#record.draft.findings.warning(l10n.t('The pickle changes a class, a function or a module.'), at);
    } else if (kind !== 'persistent') throw new Malformed(l10n.t('A state is set for what has none.'));
  }
}

function pairs(items: Value[]): Value[] {
  if (items.length % 2 !== 0) throw new Malformed(l10n.t('A key lacks its value.'));
  return items;
}
