import * as l10n from '@vscode/l10n';
import { Malformed } from './byteCursor.ts';
import { rangeStream, type ByteStream } from './byteStream.ts';
import { Contents } from './pickle/contents.ts';
import type { BoosterFormat } from './pickle/longContent.ts';
import { noteImports } from './pickle/imports.ts';
import { PickleInput } from './pickle/input.ts';
import { PickleRecord } from './pickle/record.ts';
import { Unpickler, type InterludeReader } from './pickle/unpickler.ts';
import { readBooster } from './pickledBooster.ts';
import type { Reader } from './readers.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { orderTensors, placeTensors, type PlacedTensor } from './tensorPlaces.ts';
import type { StoragePlace } from './tensorStorage.ts';

/** More pickles one after the other are no model. */
const maxPickles = 1000;

/** Reads a plain pickle, of any protocol. */
export const readPickle: Reader = (access, context) =>
  summarize('pickle', access, context, async (draft) => {
    const boosters = await readPickles(draft, rangeStream(access, 0, access.size, context.signal));
    await readBooster(draft, boosters, access, context);
  });

/** Reads the pickles of a stream, which it closes: mostly there is one. @returns the boosters in them */
export async function readPickles(
  draft: SummaryDraft,
  stream: ByteStream,
  interlude?: InterludeReader,
): Promise<ReadonlyMap<string, BoosterFormat>> {
  const record = new PickleRecord(draft);
  const input = new PickleInput(stream);
  const unpickler = new Unpickler(input, record, interlude);
  const placed: PlacedTensor[] = [];
  const boosters = new Map<string, BoosterFormat>();
  try {
    let count = 0;
    for (let goOn = true; goOn && count < maxPickles; count++) {
      const { value, complete } = await unpickler.load();
      goOn = complete && !(await ended(input, draft));
      if (value === undefined) continue;
      const contents = new Contents(draft);
      const several = count > 0 || goOn;
      contents.visit(value, several ? String(count) : '', 'plain');
      const place = (offset: number, length: number): StoragePlace | undefined => input.place(offset, length);
      for (const tensor of placeTensors(contents.tensors, new Map(), place, draft)) placed.push(tensor);
      draft.trees ??= contents.trees.ensemble();
      for (const [name, format] of contents.boosters) boosters.set(name, format);
    }
    if (count === maxPickles)
      draft.notRead(l10n.t('Only the first {0} pickles of the file are read.', count));
  } finally {
    await stream.close();
    draft.formatVersion = `protocol ${record.protocol}`;
    draft.addTensors(orderTensors(placed));
    noteImports(record);
  }
  return boosters;
}

async function ended(input: PickleInput, draft: SummaryDraft): Promise<boolean> {
  try {
    return await input.atEnd();
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    draft.damaged(error.message);
    return true;
  }
}
