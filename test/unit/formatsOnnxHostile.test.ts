import { describe, expect, it } from 'vitest';
import { readOnnx } from '../../src/formats/onnx/readOnnx.ts';
import { bytesAccess } from '../../src/formats/randomAccess.ts';
import { model, opset } from '../support/onnxBytes.ts';
import { message, varint, varintField } from '../support/protobufBytes.ts';
import { processorTime } from '../support/processorTime.ts';
import { context, readAs } from '../support/readerChecks.ts';
import { sparseAccess } from '../support/sparseAccess.ts';

describe('hostile files', () => {
  it('graphs within graphs end somewhere', async () => {
    let graph: number[] = [];
    for (let depth = 0; depth < 300; depth++) graph = message(1, message(5, message(6, graph)));
    const summary = await readAs('onnx', model(graph));
    expect(summary.complete).toBe(false);
    expect(summary.graph!.nodes.length).toBeGreaterThan(20);
  });

  it('types within types end somewhere', async () => {
    let type: number[] = [];
    for (let depth = 0; depth < 300; depth++) type = message(4, message(1, type));
    expect((await readAs('onnx', model(message(11, message(2, type))))).complete).toBe(false);
  });

  it.each([
    ['nodes', [0x0a, 0]],
    ['initializers', [0x2a, 0]],
    ['inputs', [0x5a, 0]],
    ['attributes', [0x0a, 2, 0x2a, 0]],
    ['graphs', [0x0a, 4, 0x2a, 2, 0x32, 0]],
  ])('a hundred megabytes of empty %s are not kept', async (_what, unit) => {
    const count = Math.floor(100_000_000 / unit.length);
    const head = Uint8Array.from([...varintField(1, 10), 0x3a, ...varint(count * unit.length)]);
    const body = Buffer.alloc(count * unit.length, Uint8Array.from(unit));
    const started = processorTime();
    const bytes = Buffer.concat([head, body]);
    const before = process.memoryUsage().heapUsed;
    const { complete, graph, tensors } = await readOnnx(bytesAccess(bytes), context);
    expect(complete).toBe(false);
    expect(graph!.nodes.length + graph!.inputs.length + tensors.length).toBeLessThan(600_000);
    expect(processorTime() - started).toBeLessThan(5000);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(256 * 2 ** 20);
  });
});

describe('large files', () => {
  const tensorBytes = 200 * 2 ** 20;
  const inside = [
    ...varintField(1, tensorBytes / 4),
    ...varintField(2, 1),
    ...message(8, 'w'),
    0x4a,
    ...varint(tensorBytes),
  ];
  const nodes = message(1, [...message(1, 'x'), ...message(2, 'y'), ...message(4, 'Relu')]);
  const tensorHead = [0x2a, ...varint(inside.length + tensorBytes), ...inside];
  const after = message(12, message(1, 'y'));
  const graphLength = nodes.length + tensorHead.length + tensorBytes + after.length;
  const head = Uint8Array.from([
    ...varintField(1, 10),
    0x3a,
    ...varint(graphLength),
    ...nodes,
    ...tensorHead,
  ]);
  const tail = Uint8Array.from([...after, ...opset]);
  const size = head.length + tensorBytes + tail.length;

  it('only the structure is read', async () => {
    const access = sparseAccess(size, [
      [0, head],
      [head.length + tensorBytes, tail],
    ]);
    const { complete, graph, tensors } = await readOnnx(access, context);
    expect(complete).toBe(true);
    expect(graph?.outputs).toEqual([{ name: 'y' }]);
    expect(tensors).toMatchObject([{ name: 'w', byteOffset: head.length, byteLength: tensorBytes }]);
    expect(access.bytesRead).toBeLessThan(2 ** 20);
  });
});
