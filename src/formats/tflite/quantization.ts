import type { FlatBuffer, Table } from '../flatBuffer.ts';
import type { Quantizer } from '../quantizer.ts';
import type { SummaryDraft } from '../summaryDraft.ts';

const slot = { scales: 2, zeroPoints: 3, otherWay: 4, axis: 6 };

/** No tensor has more channels. */
const maxScales = 2 ** 20;
const maxBytes = 8 * maxScales;
/** So many take as much memory as what else is counted. */
const scalesToAnItem = 16;

/** By what the whole numbers of a tensor are multiplied; undefined where they stand for themselves. */
export async function readQuantizer(
  draft: SummaryDraft,
  buffer: FlatBuffer,
  field: number | undefined,
): Promise<Quantizer | undefined> {
  const table = await buffer.table(field);
  if (!table) return undefined;
  if ((await buffer.scalar(table[slot.otherWay], 'i8', 0)) !== 0) return { scales: [], zeroPoints: [] };
  const scales = await readScales(buffer, table);
  if (scales.length === 0) return undefined;
  draft.count(Math.ceil(scales.length / scalesToAnItem));
  const zeroPoints = await readZeroPoints(buffer, table, scales.length);
  const axis = await buffer.scalar(table[slot.axis], 'i32', 0);
  return scales.length === 1 ? { scales, zeroPoints } : { scales, zeroPoints, axis };
}

async function readScales(buffer: FlatBuffer, table: Table): Promise<number[]> {
  const vector = await buffer.vector(table[slot.scales], 4);
  const view = await buffer.bytes(vector, 4, maxBytes);
  return Array.from({ length: vector.count }, (_, at) => view.getFloat32(4 * at, true));
}

/** Zero where nothing is said; one for all channels where there are not as many. */
async function readZeroPoints(buffer: FlatBuffer, table: Table, count: number): Promise<number[]> {
  const vector = await buffer.vector(table[slot.zeroPoints], 8);
  const view = await buffer.bytes(vector, 8, maxBytes);
  const found = Array.from({ length: vector.count }, (_, at) => Number(view.getBigInt64(8 * at, true)));
  return found.length === count ? found : Array.from({ length: count }, () => found[0] ?? 0);
}
