import * as v from 'valibot';
import type { Operation } from '../../core/operation.ts';
import type { Host } from '../bridge.ts';
import type { inspectContract, InspectState, Shown } from './messages.ts';
import { type ModelRecord, recordSchema } from './record.ts';

export type InspectHost = Host<typeof inspectContract, InspectState>;

/** What is inside a version, or the file. */
export interface Model {
  readonly record: ModelRecord;
  readonly formatLabel: string;
  readonly id?: string;
}

export async function loadModel(host: InspectHost, shown: Shown, operation: Operation): Promise<Model> {
  const { pieces, formatLabel, id } = await host.client.run(operation, 'inspect', shown);
  let json = '';
  for (let piece = 0; piece < pieces; piece++) {
    operation.signal.throwIfAborted();
    json += await host.client.call('piece', piece);
  }
  return { record: v.parse(recordSchema, JSON.parse(json)), formatLabel, id };
}
