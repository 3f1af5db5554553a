import { openBlockStore, type BlockStore } from '../store/blockStore.ts';
import { type ContentFolders, contentFolders } from './contentFolders.ts';
import type { TrailSettings } from './settings.ts';

/** The store of a trail, wherever it is at the moment: another process may move it. */
export interface StorePlace {
  readonly store: BlockStore;
  readonly movedFrom: BlockStore | undefined;
  readonly otherStores: readonly BlockStore[];
}

export function storePlace(
  root: string,
  own: string,
  { storePath, trusted }: Pick<TrailSettings, 'storePath' | 'trusted'>,
): StorePlace {
  const opened = new Map<string, BlockStore>();
  const at = (folder: string): BlockStore => {
    let store = opened.get(folder);
    if (!store) opened.set(folder, (store = openBlockStore(folder, trusted)));
    return store;
  };
  const folders = (): ContentFolders => contentFolders(root, own, storePath);
  return {
    get store() {
      return at(folders().folder);
    },
    get movedFrom() {
      const { movedFrom } = folders();
      return movedFrom === undefined ? undefined : at(movedFrom);
    },
    get otherStores() {
      return folders().others.map(at);
    },
  };
}
