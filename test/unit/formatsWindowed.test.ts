import { expect, it } from 'vitest';
import { bytesAccess, type RandomAccess } from '../../src/formats/randomAccess.ts';
import { windowedAccess } from '../../src/formats/windowedAccess.ts';

it('many small reads that follow each other are few large ones, of the same bytes', async () => {
  const bytes = Uint8Array.from({ length: 3 * 2 ** 20 }, (_, index) => (index * 2_654_435_761) >>> 24);
  const reads: number[] = [];
  const plain = bytesAccess(bytes);
  const counted: RandomAccess = {
    size: plain.size,
    read(offset, length) {
      reads.push(length);
      return plain.read(offset, length);
    },
    async readInto(target, offset) {
      reads.push(target.length);
      target.set(await plain.read(offset, target.length));
    },
  };
  const access = windowedAccess(counted);
  for (let at = 0; at + 1000 <= bytes.length; at += 1000) {
    const [target, expected] = [new Uint8Array(1000), bytes.subarray(at, at + 1000)];
    if (at % 2000 === 0) await access.readInto?.(target, at);
    else target.set(await access.read(at, 1000));
    expect(Buffer.compare(target, expected)).toBe(0);
  }
  expect(reads.length).toBeLessThanOrEqual(4);
  const large = await access.read(5, 2 ** 20);
  expect(Buffer.compare(large, bytes.subarray(5, 5 + 2 ** 20))).toBe(0);
  await expect(access.read(bytes.length - 1, 2)).rejects.toThrow(/ends at byte/);
});
