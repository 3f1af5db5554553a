import { unattended } from '../../src/core/operation.ts';
import { onnxGraph, onnxWeights } from './onnxData.ts';
import { open, workspace, write } from './trails.ts';
import { sha256 } from './workspace.ts';

// Trainings that write an ONNX model with its weights in a file beside it.

export const model = 'models/modelx.onnx';
export const location = 'modelx.onnx.data';
export const data = `models/${location}`;
export const ids = [onnxWeights(0), onnxWeights(1), onnxWeights(2)].map((bytes) => sha256(bytes));

export function exported(step: number, onnx = onnxGraph(location)): void {
  write(model, onnx);
  write(data, onnxWeights(step));
}

export const onDisk = (name: string): string => sha256(workspace.read(name));

export async function twoTrainings() {
  const trail = await open();
  exported(0);
  const first = await trail.record({ model, message: 'first', metrics: { acc: 0.5 } }, unattended);
  write(data, onnxWeights(1));
  const second = await trail.record({ model, message: 'second', metrics: { acc: 0.9 } }, unattended);
  return { trail, first, second };
}
