import { readdirSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import { tensorLayout } from '../../src/formats/layout.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import {
  expectedLayouts as expected,
  expectSound,
  fixtures,
  layoutOf,
  load,
  number,
} from '../support/layouts.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

describe('files that are broken or hostile', () => {
  const files = [
    ...Object.keys(expected).map((file) => `layouts/${file}`),
    ...readdirSync(path.join(fixtures, 'formats'))
      .filter((file) => /\.(?:safetensors|pt|pt2|npz|npy|onnx)$/.test(file))
      .map((file) => `formats/${file}`),
  ];

  it.each(files)('%s, cut off anywhere, gives a sound layout or none', async (file) => {
    const bytes = load(file);
    const step = Math.max(1, Math.floor(bytes.length / 300));
    for (let length = 0; length < bytes.length; length += step) {
      const layout = await layoutOf(bytes.subarray(0, length), file);
      if (layout) expectSound(layout, length);
    }
  });

  it.each(files)('%s, with bytes changed anywhere, gives a sound layout or none', async (file) => {
    const bytes = load(file);
    const change = fc.record({
      at: fc.oneof(fc.nat(bytes.length - 1), fc.nat(Math.min(bytes.length - 1, 600))),
      to: fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff)),
      times: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const changed = Buffer.from(bytes);
        for (const { at, to, times } of changes) changed.subarray(at, at + times).fill(to);
        const layout = await layoutOf(changed, file);
        if (layout) expectSound(layout, changed.length);
      }),
      { numRuns: 150 },
    );
  });

  const ggufStart = (version: number, tensors: number, values: number): Buffer =>
    Buffer.concat([Buffer.from('GGUF'), number(4, version), number(8, tensors), number(8, values)]);

  it('counts that no file could hold cost nothing', async () => {
    const key = Buffer.concat([number(8, 1), Buffer.from('k')]);
    const huge = Buffer.from('ffffffffffffff7f', 'hex');
    const array = (type: number): Buffer => Buffer.concat([key, number(4, 9), number(4, type), huge]);
    const headers = [
      Buffer.concat([Buffer.from('GGUF'), number(4, 3), huge, huge]),
      Buffer.concat([ggufStart(3, 1, 1), array(8)]),
      Buffer.concat([ggufStart(3, 1, 1), array(4)]),
      Buffer.concat([ggufStart(3, 1, 1), array(9)]),
      // An alignment of 0.
      Buffer.concat([
        ggufStart(3, 1, 1),
        number(8, 17),
        Buffer.from('general.alignment'),
        number(4, 4),
        number(4, 0),
      ]),
    ];
    for (const header of headers) {
      const access = sparseAccess(50 * 2 ** 30, [[0, header]]);
      expect(await tensorLayout(access, 'a.gguf')).toBeUndefined();
      expect(access.bytesRead).toBeLessThan(100_000);
    }
  });

  it('a file of 50 GiB of empty strings is given up after a bounded piece', async () => {
    const key = Buffer.concat([number(8, 1), Buffer.from('k')]);
    const strings = Buffer.concat([ggufStart(3, 1, 1), key, number(4, 9), number(4, 8), number(8, 2 ** 40)]);
    const access = sparseAccess(50 * 2 ** 30, [[0, strings]]);
    expect(await tensorLayout(access, 'a.gguf')).toBeUndefined();
    expect(access.bytesRead).toBeLessThan(300 * 2 ** 20);
  });

  it('graphs within graphs end somewhere', async () => {
    let message: Buffer = Buffer.alloc(0);
    const wrap = (field: number, bytes: Buffer): Buffer => {
      const length = number(8, bytes.length);
      const varint = [0, 1, 2].map((i) => ((length.readUInt32LE(0) >> (7 * i)) & 0x7f) | (i < 2 ? 0x80 : 0));
      return Buffer.concat([Buffer.from([(field << 3) | 2, ...varint]), bytes]);
    };
    for (let depth = 0; depth < 1000; depth++) message = wrap(1, wrap(5, wrap(6, message)));
    const bytes = Buffer.concat([Buffer.from([0x08, 0x08, 0x12, 0x00]), wrap(7, message)]);
    expect(await layoutOf(bytes, 'a.onnx')).toBeUndefined();
  });

  it('can be cancelled', async () => {
    const signal = AbortSignal.abort();
    const cancelled = await tensorLayout(bytesAccess(load('layouts/little.gguf')), 'a.gguf', signal).catch(
      (error: unknown) => error,
    );
    expect(TrailError.is(cancelled, 'cancelled')).toBe(true);
  });
});

describe('large files', () => {
  it('an ONNX model of nearly 2 GiB is read by its tags alone', async () => {
    const tensorBytes = 20 * 2 ** 20;
    const varint = (value: number): number[] =>
      value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(Math.floor(value / 128))];
    const heads = Array.from({ length: 100 }, (_, i) => {
      const name = Buffer.from(`layer.${i}.weight`);
      const inside = Buffer.from([0x10, 1, 0x42, name.length, ...name, 0x4a, ...varint(tensorBytes)]);
      return Buffer.from([0x2a, ...varint(inside.length + tensorBytes), ...inside]);
    });
    const total = heads.reduce((sum, head) => sum + head.length + tensorBytes, 0);
    const model = Buffer.from([0x08, 8, 0x12, 0, 0x3a, ...varint(total)]);
    let at = model.length;
    const pieces: [number, Uint8Array][] = [[0, model]];
    for (const head of heads) {
      pieces.push([at, head]);
      at += head.length + tensorBytes;
    }
    const access = sparseAccess(at, pieces);
    const layout = (await tensorLayout(access, 'large.onnx')) ?? [];
    expect(layout.length).toBe(100);
    expect(layout[99]).toEqual({
      name: 'layer.99.weight',
      start: at - tensorBytes,
      length: tensorBytes,
      elementBytes: 4,
    });
    expect(access.bytesRead).toBeLessThan(2 ** 20);
  });
});
