import { tellTorchParameters } from './torchParameters.ts';
import type { Reader } from './readers.ts';
import { summarize } from './summaryDraft.ts';
import { readTorchArchive } from './torchArchive.ts';

/** Reads what torch.jit.save wrote: the modules with their tensors, and the names of the code files. */
export const readTorchscript: Reader = (access, context) =>
  summarize(
    'torchscript',
    access,
    context,
    (draft, cursor) => readTorchArchive(draft, access, cursor, context.signal),
    tellTorchParameters,
  );
