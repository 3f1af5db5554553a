import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { sniff } from '../../src/formats/sniff.ts';
import type { GraphValue, ModelSummary, TensorInfo, TreeEnsemble } from '../../src/formats/summary.ts';
import { message, varintField } from '../support/protobufBytes.ts';
import { checkMutated, checkTruncated, context, readAs } from '../support/readerChecks.ts';

const folder = path.join(import.meta.dirname, '../fixtures/readers');
const load = (name: string): Buffer => readFileSync(path.join(folder, name));
const expectation = <T>(name: string): T => JSON.parse(load(`${name}.expected.json`).toString()) as T;

const formats: Readonly<Record<string, FormatName>> = {
  'digits.keras': 'keras',
  'nested.keras': 'keras',
  'network.mlmodel': 'coreml',
  'trees.mlmodel': 'coreml',
  'openvino.xml': 'openvino',
  'trees.pmml': 'pmml',
};

it.each(Object.entries(formats))('%s is known as %s', async (name, format) => {
  expect(await sniff(bytesAccess(load(name)), name)).toBe(format);
});

it.each(Object.entries(formats))('%s cut anywhere is said to be cut', async (name, format) => {
  await checkTruncated(format, load(name));
});

it.each(Object.entries(formats))('%s changed anywhere reads to an end', async (name, format) => {
  await checkMutated(format, load(name), 100);
});

const errors = ({ findings }: ModelSummary): string[] =>
  findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
const warnings = ({ findings }: ModelSummary): string[] =>
  findings.filter(({ severity }) => severity === 'warning').map(({ message }) => message);

describe('Keras', () => {
  interface Expected {
    readonly producer: string;
    readonly nodes: readonly { name: string; op: string }[];
    readonly outputs: readonly string[];
    readonly optimizer?: string;
    readonly learningRate?: number;
  }

  it.each(['digits.keras', 'nested.keras'])(
    '%s has the layers and settings that Keras reads',
    async (name) => {
      const expected = expectation<Expected>(name);
      const summary = await readAs('keras', load(name));
      const { graph, hyperparameters, producer } = summary;
      expect(errors(summary)).toEqual([]);
      expect(producer).toBe(expected.producer);
      expect(graph?.nodes.map(({ name, op }) => ({ name, op }))).toEqual(expected.nodes);
      expect(graph?.outputs.map(({ name }) => name)).toEqual(expected.outputs);
      expect(hyperparameters.get('optimizer')).toBe(expected.optimizer);
      expect(hyperparameters.get('optimizer__learning_rate')).toBe(expected.learningRate);
    },
  );

  it('says what leads to each layer, and names the weights after the layers', async () => {
    const summary = await readAs('keras', load('digits.keras'));
    expect(summary.graph?.inputs).toEqual([{ name: 'image', dtype: 'F32', shape: [null, 8, 8, 1] }]);
    expect(summary.graph?.nodes.map(({ inputs }) => inputs)).toEqual([
      [],
      ['image'],
      ['conv'],
      ['pool'],
      ['flatten'],
      ['dropout'],
    ]);
    const dropout = summary.graph?.nodes.find(({ name }) => name === 'dropout');
    expect(dropout?.attributes.get('rate')).toBe('0.25');
    expect(summary.tensors.map(({ name }) => name)).toContain('scores/kernel');
    expect(summary.complete).toBe(true);
    expect(warnings(summary)).toEqual([]);
  });

  it('a layer that holds code is pointed out', async () => {
    const found = warnings(await readAs('keras', load('nested.keras')));
    expect(found).toContain('A Lambda layer holds code, which runs when the model is loaded or used.');
  });
});

describe('Core ML', () => {
  interface Expected {
    readonly formatVersion: string;
    readonly kind: string;
    readonly inputs: readonly GraphValue[];
    readonly outputs: readonly GraphValue[];
  }

  it.each(['network.mlmodel', 'trees.mlmodel'])('%s reads as coremltools reads it', async (name) => {
    const expected = expectation<Expected>(name);
    const summary = await readAs('coreml', load(name));
    expect(errors(summary)).toEqual([]);
    expect(summary.formatVersion).toBe(expected.formatVersion);
    expect(summary.metadata.get('kind')).toBe(expected.kind);
    expect(summary.metadata.get('author')).toBe('Mira');
    expect(summary.metadata.get('shortDescription')).toBe('Größe 🙂');
    expect(summary.metadata.get('__proto__')).toBe('a name like others');
    expect(summary.graph?.inputs).toEqual(expected.inputs);
    expect(summary.graph?.outputs).toEqual(expected.outputs);
    expect(warnings(summary)).toEqual(['The layers and weights of Core ML are not read.']);
  });

  it('a model that a class of the program runs is pointed out', async () => {
    const bytes = Uint8Array.from([...varintField(1, 2), ...message(555, message(10, 'MyModel'))]);
    expect(warnings(await readAs('coreml', bytes))).toEqual([
      'The model is run by the class "MyModel" of the program that loads it.',
    ]);
  });

  it('types in types end somewhere', async () => {
    let type: number[] = message(5, []);
    for (let depth = 0; depth < 300; depth++) type = message(8, type);
    const bytes = Uint8Array.from(message(2, message(1, message(3, type))));
    expect((await readAs('coreml', bytes)).complete).toBe(false);
  });
});

describe('OpenVINO', () => {
  interface Expected {
    readonly inputs: readonly GraphValue[];
    readonly outputs: readonly string[];
    readonly nodes: readonly (readonly [name: string, type: string])[];
    readonly edges: readonly (readonly [from: string, to: string])[];
    readonly tensors: readonly TensorInfo[];
    readonly weights: number;
  }
  const expected = expectation<Expected>('openvino.xml');

  it('reads as OpenVINO itself reads it', async () => {
    const summary = await readAs('openvino', load('openvino.xml'));
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    const { inputs, outputs, nodes } = summary.graph!;
    expect(inputs).toEqual(expected.inputs);
    expect(outputs.map(({ name }) => name)).toEqual(expected.outputs);
    // OpenVINO calls it otherwise in memory than in a file.
    const types = nodes.map(({ name, op }) => [name, op === 'Const' ? 'Constant' : op]);
    expect(types.sort()).toEqual(expected.nodes);
    const edges = nodes.flatMap(({ name, inputs }) => inputs.map((input) => [input, name]));
    expect(edges.sort()).toEqual(expected.edges);
    expect(summary.tensors.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject(expected.tensors);
    expect(summary.parameters).toBe(64 * 32 + 32);
  });

  it('looks whether the weights are all there', async () => {
    const withWeights = async (size: number): Promise<string[]> => {
      const asked: string[] = [];
      const sibling = async (name: string) => {
        asked.push(name);
        return { ...bytesAccess(new Uint8Array(size)), async close() {} };
      };
      const given = { ...context, name: 'openvino.xml', sibling };
      const summary = await readAs('openvino', load('openvino.xml'), given);
      expect(asked).toEqual(['openvino.bin']);
      return errors(summary);
    };
    expect(await withWeights(expected.weights)).toEqual([]);
    expect(await withWeights(expected.weights - 10)).toEqual([
      'The file with the weights ends 10 bytes before they do.',
    ]);
  });
});

describe('PMML', () => {
  interface Expected {
    readonly features: readonly string[];
    readonly trees: TreeEnsemble['trees'];
    readonly importance: Record<string, { splits: number }>;
  }

  it('has the trees that CatBoost wrote into it', async () => {
    const expected = expectation<Expected>('trees.pmml');
    const summary = await readAs('pmml', load('trees.pmml'));
    expect(summary.findings).toEqual([]);
    expect(summary.complete).toBe(true);
    expect(summary.formatVersion).toBe('4.3');
    expect(summary.trees?.features).toEqual(expected.features);
    expect(summary.trees?.trees).toEqual(expected.trees);
    expect(Object.fromEntries(summary.trees!.importance)).toEqual(expected.importance);
    expect(summary.metadata.get('model')).toBe('MiningModel');
    expect(summary.metadata.get('target')).toBe('prediction');
    expect(summary.metadata.get('field a < b')).toBe('continuous float');
  });

  it('a depth of conditions without an end is no depth of calls', async () => {
    const deep = `<PMML version="4.4"><TreeModel functionName="regression">${'<Node>'.repeat(500_000)}`;
    expect((await readAs('pmml', Buffer.from(deep))).complete).toBe(false);
  });
});

describe('XML that is hostile', () => {
  const bomb = `<?xml version="1.0"?><!DOCTYPE net [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>`;
  it.each([
    ['entities of its own', `${bomb}<net name="&b;" version="11"></net>`],
    ['a file from elsewhere', '<!DOCTYPE net SYSTEM "file:///etc/passwd"><net version="11"></net>'],
    ['an entity that is not known', '<net name="&unknown;" version="11"></net>'],
    ['the same attribute twice', '<net version="11" version="10"></net>'],
    ['no graph', '<html></html>'],
    ['nothing', ''],
    ['more behind the end', '<net version="11"></net><net version="11"></net>'],
  ])('%s', async (_name, text) => {
    expect((await readAs('openvino', Buffer.from(text))).complete).toBe(false);
  });

  it('names like those of objects are names', async () => {
    const layer =
      '<layer id="__proto__" name="constructor" type="Const" version="opset1"><data __proto__="x"/></layer>';
    const { graph } = await readAs(
      'openvino',
      Buffer.from(`<net version="11"><layers>${layer}</layers></net>`),
    );
    expect(graph?.nodes[0]?.name).toBe('constructor');
    expect(graph?.nodes[0]?.attributes.get('__proto__')).toBe('x');
  });

  it('fifty megabytes of elements are not kept', async () => {
    const bytes = Buffer.from(`<net version="11"><layers>${'<layer id="1"/>'.repeat(3_500_000)}`);
    const summary = await readAs('openvino', bytes);
    expect(summary.complete).toBe(false);
    expect(summary.graph!.nodes.length).toBeLessThan(200_000);
  });
});
