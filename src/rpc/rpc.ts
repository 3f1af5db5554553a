import { type ErrorCode, messageOf, TrailError } from '../core/errors.ts';
import type { Operation, Progress } from '../core/operation.ts';

/** One end of a pipe: a process, a webview, an iframe's window. */
export interface Channel {
  post(message: RpcMessage): void;
  /** @returns a function that stops listening */
  listen(receive: (message: unknown) => void): () => void;
}

type RpcMessage =
  | { readonly t: 'call'; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'progress'; readonly id: number; readonly progress: Progress }
  | { readonly t: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly t: 'fail';
      readonly id: number;
      readonly code?: ErrorCode;
      readonly message: string;
      readonly stack?: string;
    }
  | { readonly t: 'event'; readonly name: string; readonly value: unknown };

/** Methods that can be called from the other end. The operation, which cannot be sent, comes last and is made anew there. */
export type Methods = Record<string, (...args: never[]) => unknown>;
type Handlers = Readonly<Record<string, ((...args: unknown[]) => unknown) | undefined>>;

export interface Peer {
  /** @throws what the method throws: a `TrailError` stays one */
  call<T>(method: string, args: readonly unknown[], operation?: Operation): Promise<T>;
  emit(name: string, value: unknown): void;
  on(name: string, listener: (value: unknown) => void): void;
  /** Cancels the calls made that are under way; each still ends with an answer. */
  cancelCalls(): void;
  /** Ends all that is under way: calls made are rejected, calls served are cancelled. */
  dispose(reason?: string): void;
}

export interface PeerOptions {
  /** What the other end may call; each gets its arguments and then an `Operation`. */
  readonly methods?: Handlers;
}

/** One end of a channel. Messages that are none of ours are dropped. */
export function createPeer(channel: Channel, { methods = {} }: PeerOptions = {}): Peer {
  const calls = new Map<
    number,
    { resolve(value: unknown): void; reject(error: Error): void; operation?: Operation; release(): void }
  >();
  const serving = new Map<number, AbortController>();
  const listeners = new Map<string, ((value: unknown) => void)[]>();
  let lastId = 0;
  let closed: string | undefined;

  async function serve(id: number, method: string, args: readonly unknown[]): Promise<void> {
    const controller = new AbortController();
    serving.set(id, controller);
    const operation: Operation = {
      signal: controller.signal,
      report: throttled((progress) => channel.post({ t: 'progress', id, progress })),
    };
    try {
      const handler = Object.hasOwn(methods, method) ? methods[method] : undefined;
      if (!handler) throw new TrailError('usage', `Unknown method: ${method}`);
      const value = await handler(...args, operation);
      if (closed === undefined) channel.post({ t: 'done', id, value });
    } catch (error) {
      if (closed === undefined) {
        const code = TrailError.is(error) ? error.code : undefined;
        const stack = error instanceof Error ? error.stack : undefined;
        channel.post({ t: 'fail', id, code, message: messageOf(error), stack });
      }
    } finally {
      serving.delete(id);
    }
  }

  function settle(id: number): ReturnType<typeof calls.get> {
    const call = calls.get(id);
    calls.delete(id);
    call?.release();
    return call;
  }

  const stopListening = channel.listen((received) => {
    if (closed !== undefined || !isRpcMessage(received)) return;
    const message = received;
    switch (message.t) {
      case 'call':
        void serve(message.id, message.method, message.args);
        break;
      case 'cancel':
        serving.get(message.id)?.abort();
        break;
      case 'progress':
        calls.get(message.id)?.operation?.report(message.progress);
        break;
      case 'done':
        settle(message.id)?.resolve(message.value);
        break;
      case 'fail':
        settle(message.id)?.reject(revive(message));
        break;
      case 'event':
        for (const listener of listeners.get(message.name) ?? []) listener(message.value);
        break;
    }
  });

  return {
    call<T>(method: string, args: readonly unknown[], operation?: Operation): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        if (closed !== undefined) {
          reject(new Error(closed));
          return;
        }
        const id = ++lastId;
        const cancel = (): void => channel.post({ t: 'cancel', id });
        operation?.signal.addEventListener('abort', cancel, { once: true });
        const release = (): void => operation?.signal.removeEventListener('abort', cancel);
        calls.set(id, { resolve: resolve as (value: unknown) => void, reject, operation, release });
        channel.post({ t: 'call', id, method, args });
        if (operation?.signal.aborted) cancel();
      });
    },
    emit(name, value) {
      if (closed === undefined) channel.post({ t: 'event', name, value });
    },
    on(name, listener) {
      listeners.set(name, [...(listeners.get(name) ?? []), listener]);
    },
    cancelCalls() {
      for (const id of calls.keys()) channel.post({ t: 'cancel', id });
    },
    dispose(reason = 'The connection was closed.') {
      if (closed !== undefined) return;
      closed = reason;
      stopListening();
      for (const id of calls.keys()) settle(id)?.reject(new Error(reason));
      for (const controller of serving.values()) controller.abort();
    },
  };
}

/** In milliseconds. */
const progressEvery = 200;

/**
 * Progress comes with every block that is read. Nobody can see more than a few a second, and each is packed, sent on and drawn, while the
 * work and the editor want the same cores.
 */
function throttled(post: (progress: Progress) => void): (progress: Progress) => void {
  let next = 0;
  return (progress) => {
    const now = performance.now();
    if (now < next && progress.done < progress.total) return;
    next = now + progressEvery;
    post(progress);
  };
}

function revive(failure: { code?: ErrorCode; message: string; stack?: string }): Error {
  const error = failure.code ? new TrailError(failure.code, failure.message) : new Error(failure.message);
  if (failure.stack) error.stack = failure.stack;
  return error;
}

function isRpcMessage(message: unknown): message is RpcMessage {
  if (typeof message !== 'object' || message === null || !('t' in message)) return false;
  const m = message as Record<string, unknown>;
  switch (m.t) {
    case 'call':
      return Number.isSafeInteger(m.id) && typeof m.method === 'string' && Array.isArray(m.args);
    case 'event':
      return typeof m.name === 'string';
    case 'progress':
      return Number.isSafeInteger(m.id) && typeof m.progress === 'object' && m.progress !== null;
    case 'fail':
      return Number.isSafeInteger(m.id) && typeof m.message === 'string';
    default:
      return (m.t === 'cancel' || m.t === 'done') && Number.isSafeInteger(m.id);
  }
}
