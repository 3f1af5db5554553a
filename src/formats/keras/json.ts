export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

export function stringOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A setting as text. Of an object that Keras would make its class, and what it is made with. */
export function settingText(value: Json): string {
  if (typeof value === 'string') return value;
  if (!isObject(value) || typeof value['class_name'] !== 'string') return JSON.stringify(value);
  const { class_name: name, config } = value;
  if (!isObject(config)) return name;
  // `float32`, which is what one wants to know of a policy.
  if (name === 'DTypePolicy' && typeof config['name'] === 'string') return config['name'];
  const settings = Object.entries(config).filter(([, setting]) => setting !== null);
  return settings.length === 0
    ? name
    : `${name}(${settings.map(([key, setting]) => `${key}=${JSON.stringify(setting)}`).join(', ')})`;
}
