import { describeModel } from '../../src/formats/describe.ts';
import { bytesAccess, type RandomAccess } from '../../src/formats/randomAccess.ts';
import type { ModelSummary } from '../../src/formats/summary.ts';

async function readAccess(access: RandomAccess, name: string): Promise<ModelSummary> {
  const { summary } = await describeModel(access, name, new AbortController().signal);
  if (!summary) throw new Error(`no reader for ${name}`);
  return summary;
}
export const read = (bytes: Uint8Array, name: string): Promise<ModelSummary> =>
  readAccess(bytesAccess(bytes), name);
/** A pickle of protocol 2. */
export const pickle = (text: string): Buffer => Buffer.from(`\x80\x02${text}`, 'latin1');
export const messages = ({ findings }: ModelSummary): string =>
  findings.map(({ message }) => message).join('\n');
export const length32 = (length: number): string => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(length);
  return bytes.toString('latin1');
};
