import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldSeries } from '../../src/core/foldSeries.ts';
import { compareInSeries, nameOfSeries, numbersIn, seriesOf } from '../../src/core/series.ts';

describe('the name of a series', () => {
  it.each([
    [['epoch_10.pt', 'epoch_9.pt', 'epoch_0.pt'], 'epoch_{0…10}.pt'],
    [['checkpoint-1000', 'checkpoint-500'], 'checkpoint-{500…1000}'],
    [['epoch_000.pt', 'epoch_010.pt'], 'epoch_{000…010}.pt'],
    [['resnet50-e1-fp16.h5', 'resnet50-e2-fp16.h5'], 'resnet50-e{1…2}-fp16.h5'],
    [['epoch=9-step=90.ckpt', 'epoch=10-step=100.ckpt'], 'epoch={9…10}-step={90…100}.ckpt'],
  ])('of %j is %s', (names, expected) => {
    expect(new Set(names.map(seriesOf)).size).toBe(1);
    for (const name of names) expect(nameOfSeries(name, names.map(numbersIn))).toBe(expected);
  });
});

it('the names of a series are in the order of their numbers, the first one before the second', () => {
  const ordered = ['e=2-loss=0.5.pt', 'e=9-loss=0.251.pt', 'e=10-loss=0.25.pt', 'e=10-loss=0.251.pt'];
  expect(ordered.toReversed().sort(compareInSeries)).toEqual(ordered);
});

describe('folding', () => {
  const count = (names: readonly string[]) => foldSeries(names, seriesOf).map(({ length }) => length);
  const numbered = (from: string, to: (number: number) => string) => (number: number) =>
    from.replace('#', to(number));
  const names = (length: number, name: (number: number) => string) =>
    Array.from({ length }, (_, number) => name(number));

  it('makes one of six and more, and none of fewer', () => {
    expect(count(names(6, (number) => `epoch_${number}.pt`))).toEqual([6]);
    expect(count(names(5, (number) => `epoch_${number}.pt`))).toEqual([1, 1, 1, 1, 1]);
  });

  it('leaves the parts of one model as they are', () => {
    const parts = names(8, (number) => `model-0000${number + 1}-of-00008.safetensors`);
    expect(count(parts)).toEqual(parts.map(() => 1));
  });

  it('leaves nothing out, and puts nothing twice, nor anything before what came before it', () => {
    const name = fc
      .tuple(fc.constantFrom('a#.pt', 'b-#.pt', '#.onnx', 'a#.onnx', 'best.pt'), fc.nat({ max: 30 }))
      .map(([pattern, number]) => numbered(pattern, String)(number));
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 80 }), (all) => {
        const groups = foldSeries(all, seriesOf);
        expect(groups.flat().toSorted()).toEqual(all.toSorted());
        const placeOf = (one: string | undefined) => all.indexOf(one ?? '');
        const inOrder = (some: readonly number[]) => some.every((place, i) => place >= (some[i - 1] ?? 0));
        expect(inOrder(groups.map(([first]) => placeOf(first)))).toBe(true);
        for (const group of groups) {
          expect(inOrder(group.map(placeOf))).toBe(true);
          expect(new Set(group.map(seriesOf)).size).toBe(1);
          expect(group.length === 1 || group.length >= 6).toBe(true);
        }
        const folded = groups.filter(({ length }) => length > 1).map(([first]) => seriesOf(first ?? ''));
        expect(new Set(folded).size, 'a series is one').toBe(folded.length);
        const alone = groups.filter(({ length }) => length === 1).map(([one]) => seriesOf(one ?? ''));
        expect(alone.filter((series) => folded.includes(series))).toEqual([]);
      }),
    );
  });
});
