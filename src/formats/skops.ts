import * as l10n from '@vscode/l10n';
import { Malformed } from './byteCursor.ts';
import { readArrayMember } from './numpyFile.ts';
import { Contents } from './pickle/contents.ts';
import { noteImports } from './pickle/imports.ts';
import { PickleRecord } from './pickle/record.ts';
import type { PyArray, PyBytes } from './pickle/values.ts';
import type { Reader } from './readers.ts';
import { SkopsTree, type Json, type Member } from './skopsTree.ts';
import { summarize, type SummaryDraft } from './summaryDraft.ts';
import { inFile, orderTensors, placeTensors } from './tensorPlaces.ts';
import { memberSize, openZip, type ZipFile } from './zipFile.ts';

/** A forest of a thousand trees takes ten. In bytes. */
const maxSchema = 32 * 2 ** 20;
/** What makes an object or an array of JSON, each of which takes much more memory than bytes. */
const maxMarks = 1_500_000;

/** So much of an array is kept: that of a tree has up to 64 bytes for a node. */
const keptOfMember = 64 * 2 ** 10;

/** Reads what skops wrote: a tree of objects in JSON, and a member for each array. */
export const readSkops: Reader = (access, context) =>
  summarize('skops', access, context, async (draft, cursor) => {
    const zip = await openZip(access, cursor, draft, context.signal);
    const schema = await readSchema(zip, draft);
    if (schema === undefined) return;
    const { _skops_version: version, protocol } = schema;
    if (typeof version === 'string') draft.metadata.set('skops', version);
    if (typeof protocol === 'number') draft.formatVersion = `protocol ${protocol}`;
    const record = new PickleRecord(draft);
    const tree = new SkopsTree(await readMembers(zip, draft), record);
    const contents = new Contents(draft);
    contents.visit(tree.value(schema), '', 'plain');
    draft.addTensors(orderTensors(placeTensors(contents.tensors, new Map(), inFile, draft)));
    draft.trees = contents.trees.ensemble();
    noteImports(record);
  });

async function readSchema(
  zip: ZipFile,
  draft: SummaryDraft,
): Promise<{ readonly [name: string]: Json } | undefined> {
  const entry = zip.entries.get('schema.json');
  if (!entry) {
    draft.damaged(l10n.t('The archive has no schema.json.'));
    return undefined;
  }
  try {
    const bytes = await zip.head(entry, maxSchema + 1);
    if (bytes.length > maxSchema || countMarks(bytes) > maxMarks) {
      draft.notRead(
        l10n.t('The file holds more than is read of one: the rest is left out.'),
        entry.headerOffset,
      );
      return undefined;
    }
    const schema = JSON.parse(Buffer.from(bytes).toString()) as Json;
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
      return schema as { readonly [name: string]: Json };
    }
  } catch (error) {
    if (!(error instanceof Malformed || error instanceof SyntaxError)) throw error;
  }
  draft.damaged(l10n.t('What should be JSON is not valid.'), entry.headerOffset);
  return undefined;
}

function countMarks(bytes: Uint8Array): number {
  let marks = 0;
  for (const byte of bytes) if (byte === 0x2c || byte === 0x5b || byte === 0x7b) marks++;
  return marks;
}

async function readMembers(zip: ZipFile, draft: SummaryDraft): Promise<ReadonlyMap<string, Member>> {
  const members = new Map<string, PyArray | PyBytes>();
  for (const [name, entry] of zip.entries) {
    if (name.endsWith('.npy')) {
      const array = await readArrayMember(zip, entry, name, draft, keptOfMember);
      if (array) members.set(name, array);
    } else if (name.endsWith('.bin')) {
      const start = await zip.dataStart(entry);
      const length = memberSize(entry);
      members.set(name, { kind: 'bytes', offset: start ?? Number.NaN, length, head: new Uint8Array(0) });
    } else if (name !== 'schema.json') {
      draft.notRead(l10n.t('A part of the file has a format that is not read here.'), entry.headerOffset);
    }
  }
  return members;
}
