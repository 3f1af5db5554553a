import * as l10n from '@vscode/l10n';
import { Malformed, type ByteCursor } from '../byteCursor.ts';
import { displayText } from '../displayText.ts';
import type { TensorInfo } from '../summary.ts';
import type { SummaryDraft } from '../summaryDraft.ts';
import { readAttributes, type Attributes } from './attributes.ts';
import { readDataset } from './dataset.ts';
import { keepText, openHdf5, type Hdf5File, type Part } from './file.ts';
import { readLinks, type Link } from './links.ts';
import { readObjectHeader } from './objectHeader.ts';
import { tensorOf } from './tensors.ts';

/** What an HDF5 file holds. */
export interface Hdf5Contents {
  readonly version: number;
  /** By the path of the group. */
  readonly groups: ReadonlyMap<string, Attributes>;
  /** Named by their paths, in the order of the file's own lists. */
  readonly tensors: readonly TensorInfo[];
}

const maxDepth = 64;

interface Waiting {
  readonly path: string;
  readonly address: number;
  readonly depth: number;
}

/**
 * Visits every group and array of an HDF5 file, of whatever version. Objects that are broken are told of and left out; links to
 * elsewhere are not followed.
 * @param part of the file that the cursor is over
 * @throws Malformed when there is no HDF5 file
 */
export async function readContents(
  draft: SummaryDraft,
  cursor: ByteCursor,
  part: Part,
): Promise<Hdf5Contents> {
  const file = await openHdf5(cursor, part);
  const end = part.start + part.size;
  if (file.end > end) {
    draft.damaged(l10n.t('The file ends {0} bytes before it says that it does.', file.end - end), end);
  }
  const groups = new Map<string, Attributes>();
  const tensors: TensorInfo[] = [];
  /** The first path that led to an object: others are further names of the same. */
  const first = new Map<number, string>();
  const waiting: Waiting[] = [{ path: '', address: file.root, depth: 0 }];
  // From the end, so that what is in a group stands together.
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { path, address, depth } = next;
    draft.count();
    const shared = first.get(address);
    try {
      const found = await readObject(draft, file, part, next);
      if ('info' in found) {
        tensors.push(shared === undefined ? found.info : { ...found.info, sharesStorageWith: shared });
      } else if (shared === undefined) {
        groups.set(path, found.attributes);
        if (depth < maxDepth) {
          for (const object of inside(draft, file, found.links, next).reverse()) waiting.push(object);
        } else draft.notRead(l10n.t('The groups of the file lie too deep in each other.'), file.base);
      }
    } catch (error) {
      if (!(error instanceof Malformed)) throw error;
      const message = l10n.t('The object "{0}" of the file cannot be read.', displayText(path || '/'));
      draft.damaged(message, file.base + address);
    }
    if (shared === undefined) first.set(address, path);
  }
  return { version: file.version, groups, tensors };
}

type Found =
  | { readonly info: TensorInfo }
  | { readonly attributes: Attributes; readonly links: readonly Link[] };

async function readObject(
  draft: SummaryDraft,
  file: Hdf5File,
  part: Part,
  { path, address }: Waiting,
): Promise<Found> {
  const messages = await readObjectHeader(file, address);
  const dataset = await readDataset(file, messages);
  const attributes = await readAttributes(file, messages);
  if (!dataset) return { attributes, links: await readLinks(file, messages) };
  const note = attributes.get('dtype');
  return {
    info: tensorOf(draft, file, part, path, dataset, typeof note === 'string' ? note : undefined),
  };
}

function inside(
  draft: SummaryDraft,
  file: Hdf5File,
  links: readonly Link[],
  { path, depth }: Waiting,
): Waiting[] {
  const found: Waiting[] = [];
  for (const { name, address, isExternal } of links) {
    const full = path === '' ? name : `${path}/${name}`;
    keepText(file, full.length);
    if (address !== undefined) found.push({ path: full, address, depth: depth + 1 });
    else if (isExternal) {
      const message = l10n.t('"{0}" is in another file, which is not looked into.', displayText(full));
      draft.findings.warning(message);
    }
  }
  return found;
}
