// Run as a process of its own: how long the engine needs from nothing to the first rows of a folder.
import { readFirstRows } from '../src/trail/catalogue/firstRows.ts';
import { defaultSettings } from '../src/trail/settings.ts';
import { openTrail } from '../src/trail/trail.ts';

/** Milliseconds, of which `process` is what Node.js and loading the code took. */
export interface Opening {
  readonly process: number;
  /** The rows that were kept the last time, which the editor reads itself. */
  readonly firstRows: number;
  readonly open: number;
  readonly models: number;
  readonly versions: number;
}

const started = performance.now();

async function open(folder: string): Promise<Opening> {
  if (!(await readFirstRows(folder, defaultSettings)))
    throw new Error('The rows of the last time were not kept.');
  const shown = performance.now();
  const trail = await openTrail(folder, defaultSettings);
  const opened = performance.now();
  const rows = await trail.models();
  const listed = performance.now();
  await trail.versions(rows[0]?.path ?? '', { offset: 0, limit: 101 });
  const versions = performance.now() - listed;
  return {
    process: started,
    firstRows: shown - started,
    open: opened - shown,
    models: listed - opened,
    versions,
  };
}

void open(process.argv[2] ?? '.').then((opening) => {
  console.log(JSON.stringify(opening));
  process.exit();
});
