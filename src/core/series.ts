/** Numbers that tell no training from another: of parts, of number formats, of versions of a format. */
const others = [
  String.raw`\d+-of-\d+`,
  String.raw`(?<![a-z])(?:rank|shard|part|consolidated)[-_.]?\d+`,
  String.raw`(?<![a-z])(?:fp|bf|float|u?int|i?q|opset_?)\d+(?:_\d)?`,
  String.raw`(?<![a-z])(?:f(?:16|32|64)(?!\d)|e\d+m\d+|w\d+a\d+)`,
  String.raw`\d+-?bit`,
];
const numbers = new RegExp(`${others.join('|')}|(\\d+)`, 'gi');

/**
 * What the names of a series of models have in common, which one training writes one after the other: `epoch_0.pt` and `epoch_1.pt`,
 * `checkpoint-500` and `checkpoint-1000`. Different formats of one model (`net.pt` and `net.onnx`, `net-fp16.onnx` and
 * `net-fp32.onnx`) are none, nor are its parts (`net-00001-of-00002.safetensors`).
 */
export function seriesOf(name: string): string {
  return withNumbers(name, () => '#');
}

/** The same of a path, with its folder. */
export function seriesOfPath(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return path.slice(0, -name.length) + seriesOf(name);
}

/** The numbers in a name that tell it from others of its series, as they are written. */
export function numbersIn(name: string): readonly string[] {
  const found: string[] = [];
  withNumbers(name, (number) => (found.push(number), number));
  return found;
}

/**
 * A series by its numbers, from the least to the greatest: `epoch_{0…299}.pt`; what is the same in all stays.
 * @param name any of its names
 * @param all the numbers in each of its names
 */
export function nameOfSeries(name: string, all: readonly (readonly string[])[]): string {
  return withNumbers(name, (number, at) => {
    let [least, greatest] = [number, number];
    for (const { [at]: other = number } of all) {
      if (compareInSeries(other, least) < 0) least = other;
      if (compareInSeries(other, greatest) > 0) greatest = other;
    }
    return least === greatest ? number : `{${least}…${greatest}}`;
  });
}

function withNumbers(name: string, by: (number: string, at: number) => string): string {
  const stem = stemOf(name);
  let at = 0;
  const replaced = stem.replace(numbers, (found, number?: string) =>
    number === undefined ? found : by(number, at++),
  );
  return replaced + name.slice(stem.length);
}

/** A name without its extension, which is no number. */
export function stemOf(name: string): string {
  return name.replace(/\.[^.]*[a-z][^.]*$/i, '');
}

/** Orders the names of a series by their numbers, from left to right. Not by `Intl`, which takes long for the first one. */
export function compareInSeries(a: string, b: string): number {
  const others = b.match(/\d+/g) ?? [];
  for (const [at, number] of (a.match(/\d+/g) ?? []).entries()) {
    const order = compareNumbers(number, others[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length || compareTexts(a, b);
}

/** Of any number of digits. */
function compareNumbers(a: string, b: string): number {
  const [x, y] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return x.length - y.length || compareTexts(x, y);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
