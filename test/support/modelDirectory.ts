import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { listingId } from '../../src/files/directory.ts';
import type { Trail } from '../../src/trail/trail.ts';
import { workspace, write } from './trails.ts';
import { safetensors, sha256 } from './workspace.ts';

// A directory that is one model.

export const model = 'models/bert';
export const weights = `${model}/model.safetensors`;

/** Writes a small Hugging Face model. @returns its identity */
export function train(steps: number, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const all = {
    'config.json': JSON.stringify({ model_type: 'bert', steps }),
    'model.safetensors': safetensors(),
    'tokenizer/vocab.txt': 'a\nb\n',
    ...files,
  };
  for (const [name, content] of Object.entries(all)) write(`${model}/${name}`, content);
  return identity(all);
}

export function identity(files: Readonly<Record<string, string | Uint8Array>>): string {
  return listingId(
    Object.entries(files).map(([name, content]) => ({
      path: name,
      size: Buffer.byteLength(content),
      id: sha256(content),
    })),
  );
}

/** What is in the model's folder, by path. */
export function contents(): Record<string, string> {
  const folder = path.join(workspace.folder, model);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(path.join(folder, name)).isFile()).sort();
  return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(path.join(folder, name)))]));
}

export const working = async (trail: Trail) =>
  (await trail.models()).find((row) => row.path === model)?.working;
export const versionsOf = async (trail: Trail) =>
  (await trail.versions(model, { offset: 0, limit: 100 })).versions;
