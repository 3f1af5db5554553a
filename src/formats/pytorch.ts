import { rangeStream } from './byteStream.ts';
import { tellTorchParameters } from './torchParameters.ts';
import { readPickles } from './pickleFile.ts';
import type { Reader } from './readers.ts';
import { summarize } from './summaryDraft.ts';
import { readTorchArchive } from './torchArchive.ts';
import { readTorchStack } from './torchStack.ts';
import { readTorchTar } from './torchTar.ts';

/** The number 0x1950A86A20F9469CFC6C, after the two bytes that say that a pickle begins. */
const stackMark = '\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19';

/** Reads what torch.save wrote: since 1.6 an archive, before that pickles one after the other, in the beginning a tar file. */
export const readPytorch: Reader = (access, context) =>
  summarize(
    'pytorch',
    access,
    context,
    async (draft, cursor) => {
      const head = Buffer.from(await cursor.bytes(Math.min(512, access.size), 512)).toString('latin1');
      if (head.startsWith('PK')) await readTorchArchive(draft, access, cursor, context.signal);
      else if (head.startsWith('ustar', 257)) await readTorchTar(draft, access, cursor, context.signal);
      else if (head.startsWith(stackMark, 2)) await readTorchStack(draft, access, context.signal);
      // Without its mark a file is still unpickled by many.
      else await readPickles(draft, rangeStream(access, 0, access.size, context.signal));
    },
    tellTorchParameters,
  );
