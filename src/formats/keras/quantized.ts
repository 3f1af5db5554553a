import { isObject, type Json } from './json.ts';

/**
 * Whether a layer keeps its weights quantised: then several of them may be in an element, and variables without a name hold scales and what
 * was seen in training, so that only Keras could count the parameters.
 */
export function holdsQuantized(config: Json | undefined): boolean {
  if (Array.isArray(config)) return config.some((item: Json) => holdsQuantized(item));
  if (!isObject(config)) return false;
  // The policy of such a layer, of whichever class, names what the weights were before.
  if (typeof config['mode'] === 'string' && typeof config['source_name'] === 'string') return true;
  return Object.values(config).some((item) => holdsQuantized(item));
}
