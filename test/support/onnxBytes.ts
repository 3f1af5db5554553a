import { message, varintField } from './protobufBytes.ts';

export const opset = message(8, varintField(2, 21));
export const model = (graph: readonly number[]): Uint8Array =>
  Uint8Array.from([...varintField(1, 10), ...message(7, graph), ...opset]);
