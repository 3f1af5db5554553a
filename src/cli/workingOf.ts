import { TrailError } from '../core/errors.ts';
import type { ModelPath } from '../core/facts.ts';
import type { WorkingCopy } from '../core/versions.ts';
import type { Session } from './command.ts';

/** What a model is on disk now, which may have to be read for that. One file that cannot be read must not hide the others. @throws TrailError `cancelled` */
export async function workingOf({ trail, operation }: Session, model: ModelPath): Promise<WorkingCopy> {
  try {
    return await trail.checkWorkingCopy(model, operation);
  } catch (error) {
    if (!TrailError.is(error) || error.code === 'cancelled') throw error;
    return { state: 'unreadable', problem: error.message };
  }
}
