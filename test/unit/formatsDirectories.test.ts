import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatListing, type ListedFile } from '../../src/core/listing.ts';
import { directoryFiles } from '../../src/files/directory.ts';
import { summarizeModel } from '../../src/formats/describe.ts';
import { bytesAccess, fileAccess } from '../../src/formats/randomAccess.ts';
import type { ReadContext } from '../../src/formats/readers.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';
import { openTensors } from '../../src/tensors/tensorReader.ts';
import { sha256 } from '../support/workspace.ts';

// Directories that the frameworks wrote, against what they say of them: test/fixtures/makeDirectories.py.

const fixtures = path.join(import.meta.dirname, '../fixtures/directories');
const { signal } = new AbortController();

interface ExpectedTensor {
  readonly shape: readonly number[];
  readonly sha256: string;
}

function expected<T>(name: string): T {
  return JSON.parse(readFileSync(path.join(fixtures, `${name}.expected.json`), 'utf8')) as T;
}

interface Opened {
  readonly summary: ModelSummary;
  /** The SHA-256 of the elements of a tensor. */
  elements(name: string): Promise<string | undefined>;
}

async function open(folder: string, without: readonly string[] = []): Promise<Opened> {
  const found = (await directoryFiles(folder)).filter((file) => !without.includes(file.path));
  const files = found.map(({ path: inner, stamp }): ListedFile => {
    return { path: inner, size: stamp.size, id: sha256(readFileSync(path.join(folder, inner))) };
  });
  const access = bytesAccess(Buffer.from(formatListing(files)));
  const sibling: ReadContext['sibling'] = async (name) =>
    files.some((file) => file.path === name) ? fileAccess(path.join(folder, name)) : undefined;
  const summary = await summarizeModel(access, { name: `${path.basename(folder)}/`, signal, sibling });
  return {
    summary,
    async elements(name) {
      const tensor = summary.tensors.find((each) => each.name === name);
      const reader = openTensors(access, sibling);
      try {
        const bytes = tensor && reader.bytes(tensor, signal);
        if (!bytes) return undefined;
        const hash = createHash('sha256');
        for await (const piece of bytes) hash.update(piece);
        return hash.digest('hex');
      } finally {
        await reader.close();
      }
    },
  };
}

describe('what is inside of a directory', () => {
  it('of Hugging Face: the settings, and the tensors of all shards', async () => {
    const model = expected<{
      parameters: number;
      tensors: Record<string, ExpectedTensor>;
      config: Record<string, string | number>;
    }>('bert');
    const { summary, elements } = await open(path.join(fixtures, 'bert'));
    expect(summary).toMatchObject({ format: 'huggingFace', complete: true, findings: [] });
    expect(summary.parameters).toBe(model.parameters);
    expect(summary.producer).toMatch(/^transformers \d/);
    for (const [key, value] of Object.entries(model.config))
      expect(summary.hyperparameters.get(key)).toBe(value);
    expect(summary.tensors.map(({ name }) => name).sort()).toEqual(Object.keys(model.tensors).sort());
    for (const { name, shape } of summary.tensors) {
      expect({ shape, sha256: await elements(name) }).toEqual(model.tensors[name]);
    }
    // What changed between two versions shows file by file.
    expect(summary.metadata.get('file config.json')).toMatch(/^\d+ bytes, sha256 [0-9a-f]{12}$/);
  });

  it('of Hugging Face with a shard missing: the rest, and which', async () => {
    const { summary } = await open(path.join(fixtures, 'bert'), ['model-00002-of-00002.safetensors']);
    expect(summary.complete).toBe(false);
    expect(summary.parameters).toBeUndefined();
    expect(summary.tensors.length).toBeGreaterThan(0);
    expect(summary.findings).toMatchObject([
      { severity: 'error', message: expect.stringContaining('model-00002-of-00002.safetensors is missing') },
    ]);
  });

  it('of MLflow: what made it, its signature, and the model in it', async () => {
    const model = expected<{ C: number; inputs: string[]; coef_: ExpectedTensor }>('churn');
    const { summary, elements } = await open(path.join(fixtures, 'churn'));
    expect(summary).toMatchObject({ format: 'mlflow', producer: expect.stringMatching(/^MLflow \d/) });
    expect(summary.graph?.inputs.map(({ name, dtype }) => `${name} ${dtype}`)).toEqual(
      model.inputs.map((name) => `${name} double`),
    );
    expect(summary.metadata.get('sklearn.serialization_format')).toBe('pickle');
    expect(summary.hyperparameters.get('C')).toBe(model.C);
    const coefficients = summary.tensors.find(({ name }) => name.endsWith('coef_'));
    expect(coefficients?.shape).toEqual(model.coef_.shape);
    expect(await elements(coefficients?.name ?? '')).toBe(model.coef_.sha256);
  });

  it('of Core ML: the model that the manifest names', async () => {
    const model = expected<{ inputs: string[]; outputs: string[]; specification: number }>(
      'linear.mlpackage',
    );
    const { summary } = await open(path.join(fixtures, 'linear.mlpackage'));
    expect(summary.format).toBe('mlpackage');
    expect(summary.graph?.inputs.map(({ name }) => name)).toEqual(model.inputs);
    expect(summary.graph?.outputs.map(({ name }) => name)).toEqual(model.outputs);
  });

  it('of TensorFlow: the graph, and the variables beside it', async () => {
    const model = expected<{ tensors: Record<string, ExpectedTensor> }>('net');
    const { summary, elements } = await open(path.join(fixtures, 'net'));
    expect(summary.format).toBe('savedModel');
    expect(summary.graph?.nodes.length).toBeGreaterThan(0);
    for (const [name, tensor] of Object.entries(model.tensors)) {
      const found = summary.tensors.find((each) => each.name === name);
      expect({ shape: found?.shape, sha256: await elements(name) }).toEqual(tensor);
    }
  });
});

describe('a directory with broken files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'modeltrail-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it.each([
    ['config.json', '{"a": ', 'model.safetensors', 'not a model'],
    ['MLmodel', 'flavors: [&a *a, {', 'model.pkl', '\x80\x05'],
    ['MLmodel', 'signature: {inputs: "[1, null, {}]", outputs: 7}\nflavors: 3', 'x.onnx', '\x08'],
    ['model_index.json', '[1', 'unet.safetensors', ''],
    ['saved_model.pb', '\xff\xff\xff', 'variables.txt', ''],
  ])('says what is wrong: %s %s', async (marker, text, other, content) => {
    writeFileSync(path.join(folder, marker), text, 'latin1');
    writeFileSync(path.join(folder, other), content, 'latin1');
    const { summary } = await open(folder);
    expect(summary.complete).toBe(false);
    expect(summary.findings.length).toBeGreaterThan(0);
    expect(summary.metadata.get(`file ${other}`)).toContain(' bytes');
  });

  it('is told from what is no list of files', async () => {
    const text = bytesAccess(Buffer.from('../../etc/passwd 1 0\n'));
    const summary = await summarizeModel(text, { name: 'm/', signal });
    expect(summary).toMatchObject({ complete: false, tensors: [], findings: [{ severity: 'error' }] });
  });
});
