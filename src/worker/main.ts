import { parentPort, workerData } from 'node:worker_threads';
import * as l10n from '@vscode/l10n';
import { TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { createPeer } from '../rpc/rpc.ts';
import type { TrailSettings } from '../trail/api.ts';
import { Trail } from '../trail/trail.ts';
import { threadChannel } from './channel.ts';
import {
  type ChangeEvent,
  type LogEvent,
  plainArguments,
  type TrailMethod,
  type WorkerStart,
} from './protocol.ts';

// The engine's own thread: trails are opened and asked here, so that neither hashing nor SQLite ever holds up the editor.

const port = parentPort;
if (!port) throw new Error('The engine runs in a worker thread only.');
const { l10n: translations } = (workerData ?? {}) as WorkerStart;
if (translations) l10n.config({ contents: { ...translations } });

const trails = new Map<string, Promise<Trail>>();

function openTrail(folder: string, settings: TrailSettings): Promise<string> {
  const opened = Trail.open(folder, settings, {
    onDidChange: (root, change) => peer.emit('change', { root, change } satisfies ChangeEvent),
    log: (level, message) => peer.emit('log', { level, message } satisfies LogEvent),
  });
  return opened.then(async (trail) => {
    const previous = trails.get(trail.root);
    trails.set(trail.root, opened);
    if (previous) await (await previous).close();
    return trail.root;
  });
}

async function trailAt(root: string): Promise<Trail> {
  const trail = trails.get(root);
  if (!trail) throw new TrailError('usage', l10n.t('{0} is not open.', root));
  return trail;
}

type Call = (...args: unknown[]) => unknown;

/** Each method takes the trail's root, then its plain arguments; the RPC adds the operation. */
function remote(method: TrailMethod): Call {
  const count = plainArguments[method];
  return async (root, ...rest) => {
    const trail = await trailAt(root as string);
    const operation = rest.at(-1) as Operation;
    const plain = Array.from({ length: count }, (_, index) =>
      index < rest.length - 1 ? rest[index] : undefined,
    );
    return (trail[method] as Call).call(trail, ...plain, operation);
  };
}

const methods: Record<string, Call> = {
  open: (folder, settings) => openTrail(folder as string, settings as TrailSettings),
  close: async (root) => {
    const trail = await trailAt(root as string);
    trails.delete(root as string);
    await trail.close();
  },
};
for (const method of Object.keys(plainArguments) as TrailMethod[]) methods[method] = remote(method);

const peer = createPeer(threadChannel(port), { methods });
