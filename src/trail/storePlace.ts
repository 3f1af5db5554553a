import { openBlockStore, type BlockStore } from '../store/blockStore.ts';
import { contentsPlace } from './root.ts';
import type { TrailSettings } from './settings.ts';

/** The store of a trail, wherever it is at the moment: another process may move it. */
export interface StorePlace {
  readonly store: BlockStore;
  readonly earlierStore: BlockStore | undefined;
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
  return {
    get store() {
      return at(contentsPlace(root, own, storePath).folder);
    },
    get earlierStore() {
      const { earlier } = contentsPlace(root, own, storePath);
      return earlier === undefined ? undefined : at(earlier);
    },
  };
}
