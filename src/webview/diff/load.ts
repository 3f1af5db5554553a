import type { Operation } from '../../core/operation.ts';
import type { ModelDiff } from '../../diff/modelDiff.ts';
import type { Host } from '../bridge.ts';
import { joinPieces } from '../pieces.ts';
import { type diffContract, type DiffState, parseDiff } from './messages.ts';

export type DiffHost = Host<typeof diffContract, DiffState>;

export async function loadDiff({ client }: DiffHost, operation: Operation): Promise<ModelDiff> {
  const { pieces } = await client.run(operation, 'diff');
  return parseDiff(await joinPieces(pieces, (index) => client.call('piece', index), operation));
}
