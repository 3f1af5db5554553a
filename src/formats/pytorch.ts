import { countTorchParameters } from './torchParameters.ts';
import type { Reader } from './readers.ts';
import { summarize } from './summaryDraft.ts';
import { readTorchArchive } from './torchArchive.ts';
import { readTorchStack } from './torchStack.ts';
import { readTorchTar } from './torchTar.ts';

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
      else await readTorchStack(draft, access, context.signal);
    },
    (draft) => {
      draft.parameters = countTorchParameters(draft.tensors);
    },
  );
