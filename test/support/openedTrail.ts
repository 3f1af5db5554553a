import { defaultSettings } from '../../src/trail/settings.ts';
import { openTrail, type Trail } from '../../src/trail/trail.ts';

/** Does something with the trail of a folder, opened anew. */
export async function withTrail<T>(
  folder: string,
  work: (trail: Trail) => Promise<T>,
  settings = defaultSettings,
): Promise<T> {
  const trail = await openTrail(folder, settings);
  try {
    return await work(trail);
  } finally {
    await trail.close();
  }
}
