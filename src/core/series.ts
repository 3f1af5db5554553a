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
  const extension = /\.[^.]*[a-z][^.]*$/i.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  return stem.replace(numbers, (found, number?: string) => (number === undefined ? found : '#')) + extension;
}

/** Orders the names of a series by their numbers: the rest is the same in all, so what is longer has a greater one. */
export function compareInSeries(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
