import { readLightning } from './lightning.ts';
import type { MetricsBeside, ModelPlace } from './source.ts';
import { readTrainer } from './trainer.ts';
import { readUltralytics } from './ultralytics.ts';

const readers = [readTrainer, readLightning, readUltralytics];

/** What a trainer wrote for a model without being asked. @throws TrailError when that cannot be read or understood */
export async function readTracked(place: ModelPlace): Promise<MetricsBeside | undefined> {
  for (const read of readers) {
    const said = await read(place);
    if (said) return said;
  }
  return undefined;
}
