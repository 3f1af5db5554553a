import type { Fact } from '../core/facts.ts';
import { decodeMetrics, encodeJson } from './json.ts';
import type { LocalIndex } from './localIndex.ts';

/** Facts already read from the journal, by the name of their file. Facts never change, so a name that is known is not read again. */
export class FactCache {
  readonly #index: LocalIndex;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  all(): Map<string, Fact> {
    const rows = this.#index.rows('SELECT name, json FROM facts');
    return new Map(rows.map(([name, json]) => [String(name), decodeFact(String(json))]));
  }

  add(facts: Iterable<{ readonly name: string; readonly fact: Fact }>): void {
    this.#index.change(() =>
      this.#index.write(
        'INSERT OR REPLACE INTO facts (name, json) VALUES (?, ?)',
        [...facts].map(({ name, fact }) => [name, encodeJson(fact)]),
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

function decodeFact(json: string): Fact {
  const fact = JSON.parse(json) as Fact;
  return 'metrics' in fact && fact.metrics ? { ...fact, metrics: decodeMetrics(fact.metrics) } : fact;
}
