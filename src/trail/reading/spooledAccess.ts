import { type FileHandle, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../../core/errors.ts';
import { makeDirectory, temporaryBeside } from '../../files/durable.ts';
import { requireSpace } from '../../files/freeSpace.ts';
import { type ClosableAccess, requireRange } from '../../formats/randomAccess.ts';

/** Headers of most models. */
const keptInMemory = 16 * 2 ** 20;

/**
 * A content that comes as a stream, such as a Git blob. No more is taken from the stream than what is asked for; what was taken is kept, in
 * memory while it is little, else in a temporary file that goes with `close`.
 * @param folder for the file; if nothing can be written there, the system's is used
 */
export function spooledAccess(
  stream: AsyncIterable<Uint8Array>,
  size: number,
  folder: string,
): ClosableAccess {
  const source = stream[Symbol.asyncIterator]();
  let memory: Buffer = Buffer.alloc(0);
  let file: SpoolFile | undefined;
  let taken = 0;
  // One after the other: two reads at once must not both take from the stream.
  let pulling: Promise<void> = Promise.resolve();

  async function keep(chunk: Uint8Array): Promise<void> {
    if (!file && taken + chunk.length > keptInMemory) {
      file = await openSpool(folder, size);
      await writeAll(file.handle, memory.subarray(0, taken), 0);
      memory = Buffer.alloc(0);
    }
    if (file) await writeAll(file.handle, chunk, taken);
    else {
      if (taken + chunk.length > memory.length) {
        const grown = Buffer.alloc(Math.min(keptInMemory, Math.max(2 * memory.length, taken + chunk.length)));
        memory.copy(grown, 0, 0, taken);
        memory = grown;
      }
      memory.set(chunk, taken);
    }
    taken += chunk.length;
  }

  async function pullUntil(end: number): Promise<void> {
    while (taken < end) {
      const next = await source.next();
      if (next.done) throw new TrailError('damaged', l10n.t('The content ended before its declared size.'));
      await keep(next.value);
    }
  }

  return {
    size,
    async read(offset, length) {
      requireRange(size, offset, length);
      const end = offset + length;
      if (end > taken) {
        // After a failure something of the stream is lost, so all that comes behind fails too.
        pulling = pulling.then(() => pullUntil(end));
        await pulling;
      }
      if (!file) return Uint8Array.from(memory.subarray(offset, end));
      const bytes = new Uint8Array(length);
      for (let done = 0; done < length;) {
        const { bytesRead } = await file.handle.read(bytes, done, length - done, offset + done);
        if (bytesRead === 0) {
          throw new TrailError(
            'io',
            l10n.t('The file {0} became shorter while it was being read.', file.path),
          );
        }
        done += bytesRead;
      }
      return bytes;
    },
    async close() {
      try {
        await source.return?.();
        await pulling.catch(() => {});
      } finally {
        await file?.handle.close();
        if (file) await rm(file.path, { force: true });
      }
    },
  };
}

interface SpoolFile {
  readonly path: string;
  readonly handle: FileHandle;
}

async function openSpool(folder: string, size: number): Promise<SpoolFile> {
  const opened = await openIn(folder, size).catch(() => openIn(tmpdir(), size));
  // Open it stays readable; so nothing is left behind by a process that dies, where the system has it that way.
  if (process.platform !== 'win32') await rm(opened.path, { force: true });
  return opened;
}

async function openIn(folder: string, size: number): Promise<SpoolFile> {
  await makeDirectory(folder);
  await requireSpace(folder, size);
  const name = temporaryBeside(path.join(folder, 'content'));
  return { path: name, handle: await open(name, 'wx+', 0o600) };
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
  }
}
