import * as v from 'valibot';
import { TrailError } from '../core/errors.ts';
import type { Operation } from '../core/operation.ts';
import { type Channel, createPeer, type Peer } from './rpc.ts';

/** All that two ends say to each other, as schemas: neither end acts on what does not fit. */
export interface Contract {
  /** What the client may ask. */
  readonly calls: Readonly<Record<string, CallSchema>>;
  /** What the server tells unasked. */
  readonly events: Readonly<Record<string, v.GenericSchema>>;
}
interface CallSchema {
  readonly args: v.GenericSchema<readonly unknown[]>;
  readonly result: v.GenericSchema;
}

type Name<T> = keyof T & string;
type Args<C extends Contract, K extends keyof C['calls']> = v.InferOutput<C['calls'][K]['args']>;
type Result<C extends Contract, K extends keyof C['calls']> = v.InferOutput<C['calls'][K]['result']>;
type Told<C extends Contract, K extends keyof C['events']> = v.InferOutput<C['events'][K]>;

export type Handlers<C extends Contract> = {
  readonly [K in keyof C['calls']]: (
    ...args: [...Args<C, K>, Operation]
  ) => Result<C, K> | Promise<Result<C, K>>;
};

export interface Server<C extends Contract> {
  /** Reaches the client that spoke last; dropped when none did yet. */
  emit<K extends Name<C['events']>>(name: K, value: Told<C, K>): void;
  dispose(): void;
}

export interface Client<C extends Contract> {
  /** @throws what the handler throws: a `TrailError` stays one */
  call<K extends Name<C['calls']>>(name: K, ...args: Args<C, K>): Promise<Result<C, K>>;
  /** The same, with progress and a way to cancel it. */
  run<K extends Name<C['calls']>>(operation: Operation, name: K, ...args: Args<C, K>): Promise<Result<C, K>>;
  on<K extends Name<C['events']>>(name: K, listener: (value: Told<C, K>) => void): void;
  dispose(): void;
}

/** A channel that carries anything, such as a webview's `postMessage`. */
export interface Pipe {
  post(message: unknown): void;
  /** @returns a function that stops listening */
  listen(receive: (message: unknown) => void): () => void;
}

/**
 * Every message names the session of the client that it is for or from: a webview that is hidden and shown again is a new client
 * on the same pipe, which must not get the answers to what the one before it asked.
 */
const envelopeSchema = v.object({ session: v.pipe(v.string(), v.maxLength(64)), message: v.unknown() });

/** Answers whichever client speaks; a new one takes the place of the one before, whose calls are cancelled. */
export function serve<const C extends Contract>(contract: C, pipe: Pipe, handlers: Handlers<C>): Server<C> {
  const methods = Object.fromEntries(
    Object.entries(contract.calls).map(([name, schema]) => [
      name,
      checked(name, schema, handlers[name] as Method),
    ]),
  );
  const past = new Set<string>();
  let current: Session | undefined;
  const stop = pipe.listen((received) => {
    const envelope = v.safeParse(envelopeSchema, received);
    if (!envelope.success || past.has(envelope.output.session)) return;
    const { session, message } = envelope.output;
    if (session !== current?.id) {
      current?.peer.dispose();
      if (current) past.add(current.id);
      current = openSession(pipe, session, methods);
    }
    current.receive(message);
  });
  return {
    emit: (name, value) => current?.peer.emit(name, value),
    dispose() {
      stop();
      current?.peer.dispose();
    },
  };
}

/** @param refuse is told of events that do not fit the contract, which are dropped */
export function connect<const C extends Contract>(
  contract: C,
  pipe: Pipe,
  refuse: (reason: string) => void,
): Client<C> {
  const session = openSession(pipe, crypto.randomUUID(), {});
  const stop = pipe.listen((received) => {
    const envelope = v.safeParse(envelopeSchema, received);
    if (envelope.success && envelope.output.session === session.id) session.receive(envelope.output.message);
  });
  async function ask<K extends Name<C['calls']>>(
    name: K,
    args: Args<C, K>,
    operation?: Operation,
  ): Promise<Result<C, K>> {
    const schema = contract.calls[name]?.result ?? v.never();
    const result = v.safeParse(schema, await session.peer.call(name, args, operation));
    if (!result.success) throw new Error(`Bad answer to ${name}: ${v.summarize(result.issues)}`);
    return result.output as Result<C, K>;
  }
  return {
    call: (name, ...args) => ask(name, args),
    run: (operation, name, ...args) => ask(name, args, operation),
    on(name, listener) {
      const schema = contract.events[name] ?? v.never();
      session.peer.on(name, (received) => {
        const value = v.safeParse(schema, received);
        if (value.success) listener(value.output as Told<C, typeof name>);
        else refuse(`Bad event ${name}: ${v.summarize(value.issues)}`);
      });
    },
    dispose() {
      stop();
      session.peer.dispose();
    },
  };
}

type Method = (...args: unknown[]) => unknown;

interface Session {
  readonly id: string;
  readonly peer: Peer;
  receive(message: unknown): void;
}

function openSession(pipe: Pipe, id: string, methods: Readonly<Record<string, Method>>): Session {
  const ignore = (): void => {};
  let receive: (message: unknown) => void = ignore;
  const channel: Channel = {
    post: (message) => pipe.post({ session: id, message }),
    listen(listener) {
      receive = listener;
      return () => (receive = ignore);
    },
  };
  const peer = createPeer(channel, { methods });
  return { id, peer, receive: (message) => receive(message) };
}

/** The handler behind a check of what it is called with. */
function checked(name: string, schema: CallSchema, handler: Method): Method {
  return (...received) => {
    const args = v.safeParse(schema.args, received.slice(0, -1));
    if (!args.success) throw new TrailError('usage', `Bad call of ${name}: ${v.summarize(args.issues)}`);
    return handler(...args.output, received.at(-1));
  };
}
