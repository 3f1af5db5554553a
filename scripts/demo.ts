// `node scripts/demo.ts [DIR]` makes a workspace to try Modeltrail on, in `.cache/demo` if no other place is given.
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DemoWorkspace } from './demo/demoWorkspace.ts';
import { tellStory } from './demo/story.ts';

/** In a folder that has it, everything was made here and may be made anew. */
const marker = '.git/modeltrail-demo';

/**
 * Makes the demo workspace: the same commits every time, offline, in seconds. The folder must be new, empty, or an earlier demo.
 * @returns its absolute path
 */
export async function makeDemo(dir: string): Promise<string> {
  const folder = path.resolve(dir);
  await makeEmpty(folder);
  const demo = await DemoWorkspace.create(folder, { name: 'Mira Okafor', email: 'mira@example.com' });
  try {
    await writeFile(path.join(folder, marker), '');
    await tellStory(demo);
  } finally {
    await demo.close();
  }
  return folder;
}

async function makeEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const names = await readdir(folder);
  if (names.length === 0) return;
  if (!existsSync(path.join(folder, marker))) {
    throw new Error(`${folder} is not empty and no demo, so it is left alone. Name a new folder.`);
  }
  await Promise.all(names.map((name) => rm(path.join(folder, name), { recursive: true, force: true })));
}

if (import.meta.main) {
  console.log(await makeDemo(process.argv[2] ?? path.join(import.meta.dirname, '../.cache/demo')));
}
