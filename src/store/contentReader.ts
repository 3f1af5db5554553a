import { BlocksInFile } from './blocksInFile.ts';
import {
  type BlockSource,
  type CheckedWindow,
  type DamagedRange,
  memoryFor,
  mend,
  readWindow,
  type WindowMemory,
  type WindowSpan,
} from './contentWindow.ts';
import { PackReader } from './packReader.ts';
import type { Packs } from './packs.ts';
import type { Recipe } from './recipe.ts';

/** Bytes that are read, verified and handed on at a time. */
const windowBytes = 4 << 20;
/** So many windows are read at once, so that the disk always has something to do. */
const windowsAhead = 4;
/** Whoever takes them may have two. */
const ringLength = windowsAhead + 2;

export interface ReadOptions {
  readonly thorough?: boolean;
  /** A file that may have some of the blocks, and the blocks that it was made of. */
  readonly copy?: { readonly file: string; readonly recipe: Recipe };
  /** Called for what is damaged or missing, and nowhere to be had whole; those bytes then mean nothing. May throw. */
  readonly onDamage: (range: DamagedRange) => void;
}

/**
 * The bytes of a content, every block verified, in chunks that lie in shared memory; the next are read while one is worked on.
 * A chunk keeps its bytes until the second chunk after it is asked for.
 */
export async function* readContent(
  packs: Packs,
  recipe: Recipe,
  options: ReadOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { copy } = options;
  const source: BlockSource = {
    packs,
    reader: new PackReader(packs, options),
    file: copy && (await BlocksInFile.open(copy.file, copy.recipe)),
  };
  const ring: WindowMemory[] = [];
  let turn = 0;
  const memory = (): WindowMemory => {
    const next = (ring[turn++ % ringLength] ??= memoryFor(Math.min(windowBytes, Math.max(1, recipe.size))));
    next.stored.clear();
    return next;
  };
  const windows = windowsOf(recipe);
  const fetchNext = (): Promise<CheckedWindow> | undefined => {
    const { value: span } = windows.next();
    if (!span) return undefined;
    const fetching = readWindow(source, recipe, span, memory());
    // A failure is reported where it is awaited, which may be later.
    fetching.catch(() => {});
    return fetching;
  };
  let ahead: (Promise<CheckedWindow> | undefined)[] = [];
  try {
    ahead = Array.from({ length: windowsAhead }, fetchNext);
    for (let next = ahead.shift(); next; next = ahead.shift()) {
      const window = await next;
      ahead.push(fetchNext());
      await mend(source, window, options.onDamage);
      yield window.bytes;
    }
  } finally {
    await source.reader.close();
    await Promise.allSettled(ahead);
    await source.file?.close();
  }
}

function* windowsOf(recipe: Recipe): Generator<WindowSpan, undefined, undefined> {
  let from = 0;
  for (let first = 0; first < recipe.count;) {
    let end = first;
    let length = 0;
    while (end < recipe.count && length + recipe.lengthAt(end) <= windowBytes)
      length += recipe.lengthAt(end++);
    yield { from, first, end, length };
    from += length;
    first = end;
  }
  return undefined;
}
