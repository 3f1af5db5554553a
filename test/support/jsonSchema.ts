type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

interface Schema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly type?: string | readonly string[];
  readonly const?: Json;
  readonly enum?: readonly Json[];
  readonly minimum?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
}

/** Where a value breaks a JSON Schema, by the few keywords that ours use; empty for one that fits. Other keywords are an error. */
export function violations(schema: Schema, value: Json, root = schema, path = '$'): string[] {
  const { $ref, oneOf, required = [], properties = {}, additionalProperties = true, items } = schema;
  for (const keyword of Object.keys(schema)) if (!known.has(keyword)) throw new Error(`no ${keyword} here`);
  if ($ref !== undefined) return violations(root.$defs![$ref.replace('#/$defs/', '')]!, value, root, path);
  if (oneOf) {
    const fitting = oneOf.map((choice) => violations(choice, value, root, path));
    return fitting.some((found) => found.length === 0) ? [] : fitting.flat();
  }
  const found: string[] = [];
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) found.push(`${path}: ${types.join()}`);
  if ('const' in schema && value !== schema.const) found.push(`${path}: ${String(schema.const)}`);
  if (schema.enum && !schema.enum.includes(value)) found.push(`${path}: ${schema.enum.join()}`);
  if (typeof value === 'number' && value < (schema.minimum ?? -Infinity)) found.push(`${path}: ${value}`);
  if (Array.isArray(value)) {
    if (items)
      for (const [at, item] of value.entries())
        found.push(...violations(items, item, root, `${path}[${at}]`));
  } else if (typeof value === 'object' && value !== null) {
    for (const name of required) if (!Object.hasOwn(value, name)) found.push(`${path}.${name}: missing`);
    for (const [name, member] of Object.entries(value)) {
      const inner = Object.hasOwn(properties, name) ? properties[name]! : additionalProperties;
      if (inner === false) found.push(`${path}.${name}: not expected`);
      else if (inner !== true) found.push(...violations(inner, member, root, `${path}.${name}`));
    }
  }
  return found;
}

const known = new Set([
  '$schema',
  '$defs',
  '$ref',
  'title',
  'oneOf',
  'type',
  'const',
  'enum',
  'minimum',
  'required',
  'properties',
  'additionalProperties',
  'items',
]);

function isOf(type: string, value: Json): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'null') return value === null;
  return type === 'object'
    ? typeof value === 'object' && value !== null && !Array.isArray(value)
    : typeof value === type;
}
