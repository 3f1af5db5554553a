import * as v from 'valibot';
import type { Operation } from '../../core/operation.ts';
import type { Host } from '../bridge.ts';
import { joinPieces } from '../pieces.ts';
import type { inspectContract, InspectState, Shown } from './messages.ts';
import { type ModelRecord, recordSchema } from './record.ts';

export type InspectHost = Host<typeof inspectContract, InspectState>;

/** What is inside a version, or the file. */
export interface Model {
  readonly record: ModelRecord;
  readonly formatLabel: string;
  readonly id?: string;
}

export async function loadModel({ client }: InspectHost, shown: Shown, operation: Operation): Promise<Model> {
  const { pieces, formatLabel, id } = await client.run(operation, 'inspect', shown);
  const json = await joinPieces(pieces, (index) => client.call('piece', index), operation);
  return { record: v.parse(recordSchema, JSON.parse(json)), formatLabel, id };
}
