import { env } from 'vscode';
import { throwIfCancelled } from '../../core/operation.ts';
import type { Handlers } from '../../rpc/contract.ts';
import type { DiffTarget } from '../../trail/api/targets.ts';
import type { diffContract, SideKey, SidePair, Sides } from '../../webview/diff/messages.ts';
import type { TrailHandle } from '../../engine/client.ts';
import { type OpenTrail, trailAt } from '../openTrail.ts';
import { saveDiff } from './saveDiff.ts';
import { TextPieces } from './textPieces.ts';

export interface DiffSessionDeps {
  /** What is compared now. */
  pair(): SidePair;
  trails(): Promise<readonly OpenTrail[]>;
  sides(): Promise<Sides>;
  swap(): Promise<void>;
  openAsText(): Promise<void>;
  inspect(key: SideKey): Promise<void>;
  translations(): Record<string, string> | undefined;
}

/** Answers the page of one diff. */
export function diffSession(deps: DiffSessionDeps): Handlers<typeof diffContract> {
  const text = new TextPieces();
  async function targets(): Promise<{ api: TrailHandle; a: DiffTarget; b: DiffTarget }> {
    return asked(await deps.trails(), deps.pair());
  }
  return {
    translations: () => deps.translations() ?? null,
    sides: () => deps.sides(),
    async diff(operation) {
      const { api, a, b } = await targets();
      const diff = await api.diffText(a, b, operation);
      // The page may ask for the pieces of another by now.
      throwIfCancelled(operation);
      return { pieces: text.put(diff) };
    },
    piece: (index) => text.take(index),
    async tensor(names, operation) {
      const { api, a, b } = await targets();
      const found = await api.tensorDifference(a, b, names, operation);
      const { histogram } = found;
      return {
        a: found.a,
        b: found.b,
        histogram: histogram && {
          ...histogram,
          a: histogram.a && [...histogram.a],
          b: histogram.b && [...histogram.b],
        },
      };
    },
    swap: async () => void (await deps.swap()),
    openAsText: async () => void (await deps.openAsText()),
    inspect: async (key) => void (await deps.inspect(key)),
    copy: async (text) => void (await env.clipboard.writeText(text)),
    save: (kind, text) => saveDiff(deps.pair(), kind, text),
  };
}

/** The trail that is asked, which reaches those of the other side itself. */
async function asked(
  trails: readonly OpenTrail[],
  { a, b }: SidePair,
): Promise<{ api: TrailHandle; a: DiffTarget; b: DiffTarget }> {
  const [{ api }, other] = [trailAt(trails, a.root), trailAt(trails, b.root)];
  // The engine may be another than before, and know only those who asked it something.
  if (other.root !== api.root) await other.api.info();
  return { api, a, b };
}
