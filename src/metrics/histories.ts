// A list of numbers may be a history, of which the last one is the metric, or as well be of classes, layers, folds or thresholds. Something
// must say that it goes on in steps: see docs/metrics.md.

type Values = Readonly<Record<string, unknown>>;

/** `history` of Keras, `evals_result` of XGBoost and LightGBM. */
const historyObject = /^(?:history|evals_result)$/i;
/** What XGBoost, LightGBM and CatBoost call the sets that they evaluate on, round by round. */
const evaluationSet = /^(?:validation_\d+|valid_\d+|learn)$/;
const step = '(?:epoch|step|iteration|iter|round)(?:s|es)?';
/** A list of these numbers the others. */
const clock = new RegExp(`^(?:global_?)?${step}$`, 'i');
/** Losses are those of steps, unless the name says otherwise. */
const namesHistory = new RegExp(`loss(?:es)?(?![a-z])|history|per_${step}$`, 'i');
/** Of these a list is none wherever it stands. */
const namesOther = new RegExp(
  `(?<![a-z])(?:(?:per|by)_(?!${step}$)|(?:per_?|by_?)class|class(?:es|wise)|labels?|sizes?|shapes?|dims?|layers|units|channels|thresholds?|folds?|splits?|cv|quantiles?|percentiles?|bins|edges|curve|support|counts?|weights?|coefs?|importances?|confusion|matrix|ids|indices|seeds?)(?![a-z])`,
  'i',
);
/** As long as such a list, others go by what it lists. */
const otherClock = /^(?:thresholds?|labels?|classes|class_names|support|folds?|splits?)$/i;

/** The names of the lists in an object that are histories. */
export function historiesIn(values: Values, isHistory: boolean): ReadonlySet<string> {
  const lists = Object.entries(values).flatMap(([name, list]) =>
    Array.isArray(list) ? [{ name, length: list.length }] : [],
  );
  const areSteps = ({ name, length }: { name: string; length: number }): boolean => {
    // Keras has `val_accuracy` beside `accuracy`.
    const validated = values[`val_${name}`];
    return namesHistory.test(name) || (Array.isArray(validated) && validated.length === length);
  };
  const lengthsOf = (some: typeof lists): Set<number> => new Set(some.map(({ length }) => length));
  const candidates = lists.filter(({ name }) => !namesOther.test(name));
  const steps = lengthsOf(candidates.filter((list) => clock.test(list.name) || areSteps(list)));
  const others = lengthsOf(lists.filter(({ name }) => otherClock.test(name)));
  const histories = candidates.filter(
    (list) =>
      isHistory || namesHistory.test(list.name) || (steps.has(list.length) && !others.has(list.length)),
  );
  return new Set(histories.map(({ name }) => name));
}

/** The names of the objects in an object of which all lists are histories. */
export function historyObjectsIn(values: Values): ReadonlySet<string> {
  const names = Object.keys(values);
  const areSets = names.some((name) => evaluationSet.test(name));
  return new Set(names.filter((name) => areSets || historyObject.test(name)));
}
