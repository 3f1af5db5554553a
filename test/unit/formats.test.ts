import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { describeModel, readText } from '../../src/formats/describe.ts';
import { displayText } from '../../src/formats/displayText.ts';
import type { FormatName } from '../../src/formats/formatNames.ts';
import { bytesAccess, fileAccess } from '../../src/formats/randomAccess.ts';
import { spooledAccess } from '../../src/trail/reading/spooledAccess.ts';
import { sniff } from '../../src/formats/sniff.ts';

const folder = path.join(import.meta.dirname, '../fixtures/formats');
const fixture = (name: string): Buffer => readFileSync(path.join(folder, name));

describe('the format of files that frameworks wrote', () => {
  const expected: Readonly<Record<string, FormatName>> = {
    'array.npy': 'numpy',
    'arrays-compressed.npz': 'npz',
    'arrays.npz': 'npz',
    'dtypes.safetensors': 'safetensors',
    'empty.safetensors': 'safetensors',
    'exported.pt2': 'torchExport',
    'legacy.pt': 'pytorch',
    'mlp.onnx': 'onnx',
    'mlp.pt': 'pytorch',
    'mlp.safetensors': 'safetensors',
    'pipeline-xz.joblib': 'joblib',
    'pipeline-zlib.joblib': 'joblib',
    'pipeline.joblib': 'joblib',
    'pipeline.skops': 'skops',
    'plain.pkl': 'pickle',
    'protocol0.pkl': 'pickle',
    'scripted.pt': 'torchscript',
    'trees.json': 'xgboostJson',
    'trees.lgb': 'lightgbm',
    'trees.ubj': 'xgboost',
  };

  it('is known for every fixture', () => {
    const models = readdirSync(folder).filter((name) => !name.endsWith('.expected.json'));
    expect(models.sort()).toEqual(Object.keys(expected).sort());
  });

  it.each(Object.entries(expected))('%s is %s', async (name, format) => {
    expect(await sniff(bytesAccess(fixture(name)), name)).toBe(format);
  });

  // What has a mark of its own is known under any name; ONNX, plain pickles of protocol 0, and compressed joblib have none.
  const marked = Object.entries(expected).filter(
    ([name]) => !['mlp.onnx', 'protocol0.pkl', 'pipeline-xz.joblib', 'pipeline-zlib.joblib'].includes(name),
  );
  it.each(marked)('%s is %s even when it is called .bin', async (name, format) => {
    expect(await sniff(bytesAccess(fixture(name)), 'pytorch_model.bin')).toBe(format);
  });
});

describe('files that are not what they are called', () => {
  const cases: readonly (readonly [string, string, FormatName])[] = [
    ['version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n', 'a.onnx', 'lfsPointer'],
    ['<!DOCTYPE html><title>404</title>', 'a.pt', 'text'],
    ['<?xml version="1.0"?>\n<PMML version="4.4">', 'a.xml', 'pmml'],
    ['', 'a.onnx', 'onnx'],
    ['', 'a.bin', 'unknown'],
    ['\0\x01\x02', 'a.bin', 'unknown'],
    ['Größe', 'notes.bin', 'text'],
    ['GGUF\x03\0\0\0', 'a.bin', 'gguf'],
    ['\x18\0\0\0TFL3', 'a.bin', 'tflite'],
    ['\xff\xff\xff\xff\xff\xff\xff\x0f{}', 'a.safetensors', 'safetensors'],
  ];
  it.each(cases)('%j called %s is %s', async (content, name, format) => {
    const encoding = /[\x80-\xff]/.test(content) && !content.includes('Größe') ? 'latin1' : 'utf8';
    expect(await sniff(bytesAccess(Buffer.from(content, encoding)), name)).toBe(format);
  });
});

describe('describing a model', () => {
  const { signal } = new AbortController();

  it('gives a summary of safetensors, and the text of a text model', async () => {
    const safetensors = await describeModel(
      bytesAccess(fixture('mlp.safetensors')),
      'mlp.safetensors',
      signal,
    );
    expect(safetensors).toMatchObject({ format: 'safetensors', isText: false });
    expect(safetensors.summary?.tensors.length).toBe(9);
    const trees = bytesAccess(fixture('trees.lgb'));
    expect(await describeModel(trees, 'trees.lgb', signal)).toEqual({ format: 'lightgbm', isText: true });
    expect(await readText(trees)).toBe(fixture('trees.lgb').toString('utf8'));
  });

  it('does not show bytes as text', async () => {
    const notUtf8 = Buffer.concat([fixture('trees.lgb'), Buffer.from([0xff])]);
    expect(await describeModel(bytesAccess(notUtf8), 'trees.lgb', signal)).toMatchObject({
      format: 'lightgbm',
      isText: false,
      summary: { complete: true },
    });
    expect(await describeModel(bytesAccess(fixture('mlp.onnx')), 'mlp.onnx', signal)).toMatchObject({
      format: 'onnx',
      isText: false,
      summary: { complete: true },
    });
  });

  it('can be cancelled', async () => {
    const cancelled = describeModel(bytesAccess(fixture('mlp.onnx')), 'mlp.onnx', AbortSignal.abort());
    await expect(cancelled).rejects.toSatisfy((error) => TrailError.is(error, 'cancelled'));
  });
});

describe('reading from a stream', () => {
  function stream(
    chunks: number,
    size = 1000,
  ): { source: AsyncIterable<Uint8Array>; taken: () => number; closed: () => boolean } {
    let taken = 0;
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (; taken < chunks;) yield new Uint8Array(size).fill(taken++);
      } finally {
        closed = true;
      }
    }
    return { source: source(), taken: () => taken, closed: () => closed };
  }

  it('takes no more than what is asked for, and can stop early', async () => {
    const { source, taken, closed } = stream(100);
    const access = spooledAccess(source, 100_000, tmpdir());
    expect(await access.read(1500, 4)).toEqual(new Uint8Array([1, 1, 1, 1]));
    expect(taken()).toBe(2);
    expect(await access.read(998, 4)).toEqual(new Uint8Array([0, 0, 1, 1]));
    expect(taken()).toBe(2);
    await access.close();
    expect(closed()).toBe(true);
    expect(taken()).toBe(2);
  });

  it('answers several reads at once', async () => {
    const access = spooledAccess(stream(10).source, 10_000, tmpdir());
    const reads = await Promise.all([9, 2, 5].map((chunk) => access.read(chunk * 1000, 1)));
    expect(reads.map(([byte]) => byte)).toEqual([9, 2, 5]);
  });

  it('gives no bytes behind a place where the stream failed: nobody knows which they are', async () => {
    let at = 0;
    const source = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          if (++at === 2) throw new Error('lost');
          return { done: false as const, value: new Uint8Array(1000).fill(at) };
        },
      }),
    };
    const access = spooledAccess(source, 5000, tmpdir());
    await expect(access.read(0, 2000)).rejects.toThrow('lost');
    await expect(access.read(1000, 1)).rejects.toThrow('lost');
    expect(await access.read(999, 1)).toEqual(Uint8Array.of(1));
    await access.close();
  });

  it('says so when the stream ends before its size', async () => {
    await expect(spooledAccess(stream(2).source, 5000, tmpdir()).read(0, 3000)).rejects.toThrow(
      'ended before',
    );
  });
});

describe('reading from a file', () => {
  it('gives exactly the bytes asked for, or an error', async () => {
    const temporary = mkdtempSync(path.join(tmpdir(), 'modeltrail-formats-'));
    const file = path.join(temporary, 'model.bin');
    writeFileSync(file, 'abcdef');
    const access = await fileAccess(file);
    expect(Buffer.from(await access.read(2, 3)).toString()).toBe('cde');
    await expect(access.read(4, 3)).rejects.toBeInstanceOf(TrailError);
    truncateSync(file, 3);
    await expect(access.read(2, 3)).rejects.toThrow('became shorter');
    await access.close();
    rmSync(temporary, { recursive: true });
  });
});

it('names are shown as what they are', () => {
  expect(displayText('layer.0.weight')).toBe('layer.0.weight');
  expect(displayText('a\u202egnp.exe\n\0')).toBe(String.raw`a\u{202e}gnp.exe\u{a}\u{0}`);
  expect(displayText('Größe.日本.🙂')).toBe('Größe.日本.🙂');
  // Different names stay different.
  expect(displayText(String.raw`\u{a}`)).not.toBe(displayText('\n'));
});
