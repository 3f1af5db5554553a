import { TrailError } from '../../core/errors.ts';
import type { Operation } from '../../core/operation.ts';
import * as l10n from '@vscode/l10n';
import { displayText } from '../../formats/displayText.ts';
import { formatLabel } from '../../formats/formatNames.ts';
import { modelRecord } from '../../formats/modelRecord.ts';
import type { TensorInfo } from '../../formats/summary.ts';
import { HistogramCounter } from '../../tensors/histogram.ts';
import { SliceReducer } from '../../tensors/slice.ts';
import { StatisticsCounter } from '../../tensors/statistics.ts';
import type {
  FullInspection,
  Inspection,
  SliceRequest,
  TensorDetail,
  TensorSlice,
} from '../api/inspection.ts';
import type { ReadTarget } from '../api/targets.ts';
import type { TrailContext } from '../context.ts';
import { withModel, type OpenModel } from './openModels.ts';

/** Reads what a model says of itself. */
export async function inspect(
  context: TrailContext,
  target: ReadTarget,
  operation: Operation,
): Promise<Inspection> {
  return withModel(context, target, operation, (model) => inspectionOf(model, target.model));
}

export async function inspectAll(
  context: TrailContext,
  target: ReadTarget,
  operation: Operation,
): Promise<FullInspection> {
  return withModel(context, target, operation, async (model) => ({
    ...inspectionOf(model, target.model),
    statistics: await allStatistics(model, operation),
  }));
}

export function inspectionOf({ summary, id, size }: OpenModel, path: string): Inspection {
  return {
    record: modelRecord(summary, { path, size }),
    formatLabel: formatLabel(summary.format),
    id,
    size,
  };
}

/** Of all tensors, in their order; what cannot be read of one stops none of the others. @throws TrailError `cancelled` */
export async function allStatistics(
  { summary, tensors }: OpenModel,
  operation: Operation,
): Promise<FullInspection['statistics']> {
  const total = summary.tensors.reduce((sum, { byteLength = 0 }) => sum + byteLength, 0);
  let done = 0;
  const details: TensorDetail[] = [];
  for (const info of summary.tensors) {
    const tensor = info.name;
    const obstacle = tensors.obstacle(info);
    operation.report({ label: l10n.t('Reading {0}', displayText(tensor)), done, total });
    if (obstacle === undefined) {
      const counter = new StatisticsCounter();
      try {
        for await (const numbers of tensors.numbers(info, operation.signal)) counter.add(numbers);
        details.push({ tensor, statistics: counter.result() });
      } catch (error) {
        if (!TrailError.is(error) || error.code === 'cancelled') throw error;
        details.push({ tensor, obstacle: error.message });
      }
    } else details.push({ tensor, obstacle });
    done += info.byteLength ?? 0;
  }
  return details;
}

export async function tensorDetail(
  context: TrailContext,
  target: ReadTarget,
  tensor: string,
  operation: Operation,
): Promise<TensorDetail> {
  return withModel(context, target, operation, async (model) => {
    const info = tensorOf(model, tensor);
    const obstacle = model.tensors.obstacle(info);
    if (obstacle !== undefined) return { tensor, obstacle };
    const read = progressing(model, info, 2, operation);
    const counter = new StatisticsCounter();
    for await (const numbers of read()) counter.add(numbers);
    const statistics = counter.result();
    const { min, max } = statistics;
    if (min === undefined || max === undefined || !Number.isFinite(max - min)) return { tensor, statistics };
    const bins = new HistogramCounter(min, max);
    for await (const numbers of read()) bins.add(numbers);
    return { tensor, statistics, histogram: bins.result() };
  });
}

export async function tensorSlice(
  context: TrailContext,
  target: ReadTarget,
  tensor: string,
  request: SliceRequest,
  operation: Operation,
): Promise<TensorSlice> {
  return withModel(context, target, operation, async (model) => {
    const info = tensorOf(model, tensor);
    const planes = info.shape.slice(0, -2);
    const [height, width] = [info.shape.at(-2) ?? 1, info.shape.at(-1) ?? 1];
    const rows = Math.min(request.rows, height);
    const columns = Math.min(request.columns, width);
    const obstacle = model.tensors.obstacle(info);
    const shape = { tensor, planes, height, width };
    if (obstacle !== undefined) {
      return { ...shape, obstacle, rows: 0, columns: 0, values: new Float32Array(0) };
    }
    const reducer = new SliceReducer({ height, width, rows, columns, reduce: request.reduce });
    const range = { from: planeNumber(planes, request.plane) * height * width, count: height * width };
    for await (const numbers of model.tensors.numbers(info, operation.signal, range)) reducer.add(numbers);
    return { ...shape, rows, columns, values: reducer.values() };
  });
}

function tensorOf({ summary }: OpenModel, name: string): TensorInfo {
  const tensor = summary.tensors.find((tensor) => tensor.name === name);
  if (tensor) return tensor;
  throw new TrailError('notFound', l10n.t('The model has no tensor "{0}".', displayText(name)));
}

/** The numbers of a tensor, as often as they are asked for, with the progress of them all. */
function progressing(
  { tensors }: OpenModel,
  tensor: TensorInfo,
  times: number,
  operation: Operation,
): () => AsyncIterable<Float32Array | Float64Array> {
  const bytes = tensor.byteLength ?? 0;
  const elements = tensor.shape.reduce((product, length) => product * length, 1);
  const label = l10n.t('Reading {0}', displayText(tensor.name));
  let seen = 0;
  return async function* () {
    for await (const numbers of tensors.numbers(tensor, operation.signal)) {
      yield numbers;
      seen += numbers.length;
      operation.report({ label, done: Math.floor((seen / elements) * bytes), total: times * bytes });
    }
  };
}

/** @throws TrailError `usage` for a plane that is not there */
function planeNumber(planes: readonly number[], wanted: readonly number[] | undefined): number {
  let number = 0;
  for (const [at, length] of planes.entries()) {
    const index = wanted?.[at] ?? 0;
    if (!(Number.isInteger(index) && index >= 0 && (index < length || length === 0))) {
      throw new TrailError('usage', l10n.t('The tensor has no plane {0}.', (wanted ?? []).join(', ')));
    }
    number = number * length + index;
  }
  return number;
}
