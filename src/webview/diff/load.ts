import type { Operation } from '../../core/operation.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { Host } from '../bridge.ts';
import { type diffContract, type DiffState, parseDiff } from './messages.ts';

export type DiffHost = Host<typeof diffContract, DiffState>;

export async function loadDiff({ client }: DiffHost, operation: Operation): Promise<ModelDiff> {
  const { pieces } = await client.run(operation, 'diff');
  let json = '';
  for (let piece = 0; piece < pieces; piece++) {
    operation.signal.throwIfAborted();
    json += await client.call('piece', piece);
  }
  return parseDiff(json);
}
