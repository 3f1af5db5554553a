import type { Fact } from '../core/facts.ts';
import type { LocalIndex } from './localIndex.ts';

/** Facts already read from the journal, by the name of their file. Facts never change, so a name that is known is not read again. */
export class FactCache {
  readonly #index: LocalIndex;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  all(): Map<string, Fact> {
    const rows = this.#index.rows('SELECT name, json FROM facts');
    return new Map(rows.map(([name, json]) => [String(name), decode(String(json))]));
  }

  add(facts: Iterable<{ readonly name: string; readonly fact: Fact }>): void {
    this.#index.change(() =>
      this.#index.write(
        'INSERT OR REPLACE INTO facts (name, json) VALUES (?, ?)',
        [...facts].map(({ name, fact }) => [name, encode(fact)]),
      ),
    );
  }

  remove(names: Iterable<string>): void {
    this.#index.change(() =>
      this.#index.write(
        'DELETE FROM facts WHERE name = ?',
        [...names].map((name) => [name]),
      ),
    );
  }
}

/** JSON has no NaN and no infinities, and metrics do: they are kept as their names. */
function encode(fact: Fact): string {
  return JSON.stringify(fact, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  );
}

function decode(json: string): Fact {
  const fact = JSON.parse(json) as Fact;
  if (!('metrics' in fact) || !fact.metrics) return fact;
  const metrics = Object.fromEntries(Object.entries(fact.metrics).map(([name, value]) => [name, Number(value)]));
  return { ...fact, metrics };
}
