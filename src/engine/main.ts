import * as l10n from '@vscode/l10n';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { createPeer } from '../rpc/rpc.ts';
import type { Inspection } from '../trail/api/inspection.ts';
import type { TrailSettings } from '../trail/settings.ts';
import { openTrail, type Trail } from '../trail/trail.ts';
import { processChannel } from './channel.ts';
import {
  type ChangeEvent,
  type EngineStart,
  type InspectionText,
  type LogEvent,
  plainArguments,
  type TrailMethod,
  trailMethods,
} from './protocol.ts';

// The engine's own process: trails are opened and asked here.

process.title = 'modeltrail-engine';
/** What takes longer than this to be cleaned up is left: nothing that is half done is ever taken for content. */
const mostMsToEnd = 10_000;

interface Opened {
  readonly trail: Trail;
  /** What it was asked and has not answered yet. */
  readonly asked: Set<Promise<unknown>>;
  /** The closing of those that this one took the place of. */
  readonly before: Promise<void>;
}
const trails = new Map<string, Opened>();

async function open(folder: string, settings: TrailSettings): Promise<string> {
  const trail = await openTrail(folder, settings, {
    onDidChange: (root, change) => peer.emit('change', { root, change } satisfies ChangeEvent),
    log: (level, message) => peer.emit('log', { level, message } satisfies LogEvent),
    withOther: (root, work) => use(root, (other) => other.lend(work)),
  });
  const previous = trails.get(trail.root);
  // What the previous one still does may take long, and need not be waited for.
  trails.set(trail.root, { trail, asked: new Set(), before: previous ? close(previous) : Promise.resolve() });
  return trail.root;
}

async function close({ trail, asked, before }: Opened): Promise<void> {
  await Promise.allSettled(asked);
  const closed = await Promise.allSettled([before, trail.close()]);
  for (const outcome of closed) {
    if (outcome.status === 'rejected')
      peer.emit('log', { level: 'warn', message: messageOf(outcome.reason) } satisfies LogEvent);
  }
}

function opened(root: string): Opened {
  const found = trails.get(root);
  if (!found) throw new TrailError('usage', l10n.t('{0} is not open.', root));
  return found;
}

/** Whoever works with a trail keeps it open. */
async function use<T>(root: string, work: (trail: Trail) => Promise<T>): Promise<T> {
  const { trail, asked } = opened(root);
  const answer = work(trail);
  asked.add(answer);
  return answer.finally(() => asked.delete(answer));
}

type Call = (...args: unknown[]) => unknown;

/** Each method takes the trail's root, then its plain arguments; the RPC adds the operation. */
function remote(method: TrailMethod): Call {
  const count = plainArguments[method];
  return (root, ...rest) => {
    const operation = rest.at(-1) as Operation;
    const plain = Array.from({ length: count }, (_, index) =>
      index < rest.length - 1 ? rest[index] : undefined,
    );
    return use(root as string, (trail) => (trail[method] as Call)(...plain, operation) as Promise<unknown>);
  };
}

const methods: Record<string, Call> = {
  open: (folder, settings) => open(folder as string, settings as TrailSettings),
  close: async (root) => {
    const closing = opened(root as string);
    trails.delete(root as string);
    await close(closing);
  },
  // A large record would take long to be copied object by object in the thread that asks; a text does not.
  inspectText: async (...args) => {
    const { record, ...rest } = (await remote('inspect')(...args)) as Inspection;
    return { ...rest, json: JSON.stringify(record) } satisfies InspectionText;
  },
  diffText: async (...args) => JSON.stringify(await remote('diff')(...args)),
};
for (const method of trailMethods) methods[method] = remote(method);

const peer = createPeer(processChannel(process), { methods });
peer.on('start', (value) => {
  const { l10n: translations } = value as EngineStart;
  if (translations) l10n.config({ contents: { ...translations } });
});
process.once('disconnect', () => void end());

/** The editor has ended, with what it had asked for or not: that is stopped and cleaned up. */
async function end(): Promise<void> {
  setTimeout(() => process.exit(), mostMsToEnd);
  peer.dispose();
  await Promise.allSettled([...trails.values()].map(close));
  process.exit();
}
