import { readFileSync } from 'node:fs';
import path from 'node:path';

// A real ONNX model whose weights are in another file, from test/fixtures/makeReadersOnnx.py.

const fixtures = path.join(import.meta.dirname, '../fixtures/readers');
const graph = readFileSync(path.join(fixtures, 'external.onnx'));
const weights = readFileSync(path.join(fixtures, 'external.weights'));
const named = 'external.weights';

/** The graph, naming another file than `external.weights`; a name of another length would take more than its bytes. */
export function onnxGraph(location = named): Buffer {
  if (location.length !== named.length) throw new Error(`${location} must be as long as ${named}`);
  return Buffer.from(graph.toString('latin1').replaceAll(named, location), 'latin1');
}

/** A graph with weights in several files: messages that follow each other are one. */
export function onnxGraphOf(locations: readonly string[]): Buffer {
  return Buffer.concat(locations.map(onnxGraph));
}

/** The same weights with the same names: a property more, as another exporter may write it. */
export function otherOnnxGraph(location: string, documentation: string): Buffer {
  const text = Buffer.from(documentation);
  return Buffer.concat([onnxGraph(location), Buffer.from([0x32, text.length]), text]);
}

/** The weights after some steps of training: each is greater by their number. */
export function onnxWeights(steps: number): Buffer {
  const bytes = Buffer.from(weights);
  for (let at = 0; at < bytes.length; at += 4) bytes.writeFloatLE(bytes.readFloatLE(at) + steps, at);
  return bytes;
}
