import type { Fact } from '../core/facts.ts';
import { decodeMetrics, encodeJson } from './json.ts';
import type { LocalIndex } from './localIndex.ts';

/** Many facts as one text: asking SQLite for each alone takes five times as long. */
const pageQuery = `
  SELECT group_concat(name, char(10)), '[' || group_concat(json, ',') || ']'
  FROM (SELECT name, json FROM facts WHERE name > ? ORDER BY name LIMIT 10000)`;

/** Facts already read from the journal, by the name of their file. Facts never change, so a name that is known is not read again. */
export class FactCache {
  readonly #index: LocalIndex;

  constructor(index: LocalIndex) {
    this.#index = index;
  }

  all(): Map<string, Fact> {
    const all = new Map<string, Fact>();
    for (let last = ''; ;) {
      const [[names, facts] = []] = this.#index.rows(pageQuery, [last]);
      if (typeof names !== 'string') return all;
      const page = JSON.parse(String(facts)) as Fact[];
      for (const [index, name] of names.split('\n').entries()) {
        const fact = page[index];
        if (fact) all.set(name, decodeFact(fact));
        last = name;
      }
    }
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

function decodeFact(fact: Fact): Fact {
  if (!('metrics' in fact) || !fact.metrics) return fact;
  const metrics = decodeMetrics(fact.metrics);
  return metrics === fact.metrics ? fact : { ...fact, metrics };
}
