import type { Operation } from '../core/operation.ts';
import type { Inspection, SliceRequest, Target, TensorDetail, TensorSlice } from './api.ts';
import type { TrailContext } from './context.ts';

/** Reads what a model says of itself. */
export async function inspect(
  _context: TrailContext,
  _target: Target,
  _operation: Operation,
): Promise<Inspection> {
  throw new Error('not yet');
}

export async function tensorDetail(
  _context: TrailContext,
  _target: Target,
  _tensor: string,
  _operation: Operation,
): Promise<TensorDetail> {
  throw new Error('not yet');
}

export async function tensorSlice(
  _context: TrailContext,
  _target: Target,
  _tensor: string,
  _request: SliceRequest,
  _operation: Operation,
): Promise<TensorSlice> {
  throw new Error('not yet');
}
