import { readDvclive } from './dvclive.ts';
import { readLightning } from './lightning.ts';
import type { MetricsBeside, ModelPlace } from './source.ts';
import { readTrainer } from './trainer.ts';
import { readUltralytics } from './ultralytics.ts';

/** What knows its model best comes first: DVCLive tells nothing of the model. */
const readers = [readTrainer, readLightning, readUltralytics, readDvclive];

/** What a trainer wrote for a model without being asked. @throws TrailError when that cannot be read or understood */
export async function readTracked(place: ModelPlace): Promise<MetricsBeside | undefined> {
  for (const read of readers) {
    const said = await read(place);
    if (said) return said;
  }
  return undefined;
}
