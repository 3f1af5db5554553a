import type { ContentId } from '../../core/facts.ts';
import type { BlockStore } from '../../store/blockStore.ts';
import type { ContentStore } from '../../store/store.ts';
import type { StorePlace } from '../storePlace.ts';

/** What can be read of a content, whichever store has it. Whoever writes means the store as it is now. */
export type KeptContents = Pick<ContentStore, 'has' | 'access' | 'open' | 'sizeOf'>;

/** The contents of a trail that are kept: in its store, or in another folder where they came before. */
export function keptContents(place: StorePlace): KeptContents {
  async function holderOf(id: ContentId): Promise<BlockStore> {
    const { store } = place;
    if (await store.has(id)) return store;
    for (const other of place.otherStores) if (await other.has(id)) return other;
    return store;
  }
  return {
    has: async (id) => (await holderOf(id)).has(id),
    access: async (id) => (await holderOf(id)).access(id),
    sizeOf: async (id) => (await holderOf(id)).sizeOf(id),
    async *open(id, copy) {
      yield* (await holderOf(id)).open(id, copy);
    },
  };
}
