import * as v from 'valibot';
import { describe, expect, test, vi } from 'vitest';
import { TrailError } from '../../src/core/errors.ts';
import type { Operation, Progress } from '../../src/core/operation.ts';
import { connect, type Contract, type Pipe, serve } from '../../src/rpc/contract.ts';
import { type Channel, createPeer, type PeerOptions } from '../../src/rpc/rpc.ts';

/** Two ends of a pipe that carries what JSON can, a turn later. */
function pipes(): [Pipe, Pipe] {
  const listeners: ((message: unknown) => void)[][] = [[], []];
  const end = (own: number): Pipe => ({
    post(message) {
      const json = JSON.stringify(message);
      queueMicrotask(() => {
        for (const receive of listeners[1 - own] ?? []) receive(JSON.parse(json));
      });
    },
    listen(receive) {
      listeners[own]?.push(receive);
      return () => (listeners[own] = listeners[own]?.filter((other) => other !== receive) ?? []);
    },
  });
  return [end(0), end(1)];
}

function peers(methods: PeerOptions['methods']) {
  const [here, there] = pipes() as [Channel, Channel];
  return { client: createPeer(here), server: createPeer(there, { methods }) };
}

function deferred(): { promise: Promise<string>; resolve(value: string): void } {
  let resolve: (value: string) => void = () => {};
  const promise = new Promise<string>((settle) => (resolve = settle));
  return { promise, resolve: (value) => resolve(value) };
}

const never = () => new Promise<never>(() => {});

describe('a peer', () => {
  test('calls a method at the other end', async () => {
    const { client } = peers({ add: (a, b) => Number(a) + Number(b) });
    expect(await client.call('add', [1, 2])).toBe(3);
  });

  test('answers calls in whatever order they end', async () => {
    const first = deferred();
    const { client } = peers({ slow: () => first.promise, quick: () => 'quick' });
    const slow = client.call('slow', []);
    expect(await client.call('quick', [])).toBe('quick');
    first.resolve('slow');
    expect(await slow).toBe('slow');
  });

  test('passes on what went wrong, with its code', async () => {
    const { client } = peers({
      fail() {
        throw new TrailError('notFound', 'There is no model x.');
      },
      crash() {
        throw new RangeError('too far');
      },
    });
    const failure = await client.call('fail', []).catch((error: unknown) => error);
    expect(TrailError.is(failure, 'notFound')).toBe(true);
    expect(failure).toHaveProperty('message', 'There is no model x.');
    await expect(client.call('crash', [])).rejects.toThrow('too far');
  });

  test.each(['missing', 'constructor', '__proto__'])('has no method %s unless it is given', async (name) => {
    const { client } = peers({});
    await expect(client.call(name, [])).rejects.toThrow(`Unknown method: ${name}`);
  });

  test('cancels a call and reports its progress', async () => {
    const { client } = peers({
      copy: (operation) =>
        new Promise((_, reject) => {
          const { signal, report } = operation as Operation;
          report({ label: 'Copying', done: 5, total: 10 });
          signal.addEventListener('abort', () => reject(new TrailError('cancelled', 'Cancelled.')));
        }),
    });
    const controller = new AbortController();
    const seen: Progress[] = [];
    const report = (progress: Progress): void => {
      seen.push(progress);
      controller.abort();
    };
    const failure = await client
      .call('copy', [], { signal: controller.signal, report })
      .catch((error: unknown) => error);
    expect(TrailError.is(failure, 'cancelled')).toBe(true);
    expect(seen).toEqual([{ label: 'Copying', done: 5, total: 10 }]);
  });

  test('rejects what is under way and tells the other side to stop when it ends', async () => {
    const aborted = vi.fn<() => void>();
    const { client, server } = peers({
      wait(operation) {
        (operation as Operation).signal.addEventListener('abort', aborted);
        return never();
      },
    });
    const call = client.call('wait', []);
    await Promise.resolve().then(() => Promise.resolve());
    server.dispose();
    client.dispose('The worker stopped.');
    await expect(call).rejects.toThrow('The worker stopped.');
    await expect(client.call('wait', [])).rejects.toThrow('The worker stopped.');
    expect(aborted).toHaveBeenCalledOnce();
  });

  test.each([null, 'call', {}, { t: 'call' }, { t: 'call', id: 1.5, method: 'x', args: [] }, { t: 'done' }])(
    'passes over %j',
    async (message) => {
      const [here, there] = pipes();
      const x = vi.fn<() => void>();
      createPeer(there as Channel, { methods: { x } });
      const client = createPeer(here as Channel);
      here.post(message);
      await client.call('x', []);
      expect(x).toHaveBeenCalledOnce();
    },
  );
});

const contract = {
  calls: {
    double: { args: v.tuple([v.number()]), result: v.number() },
    forget: { args: v.tuple([]), result: v.undefined() },
    slow: { args: v.tuple([]), result: v.string() },
  },
  events: { count: v.number() },
} satisfies Contract;

describe('a contract', () => {
  const handlers = { double: (n: number) => n * 2, forget: () => undefined, slow: never };
  const quiet = (): void => {};

  test('carries calls and events that fit it', async () => {
    const [here, there] = pipes();
    const server = serve(contract, there, handlers);
    const client = connect(contract, here, quiet);
    const counted: number[] = [];
    client.on('count', (count) => counted.push(count));
    expect(await client.call('double', 21)).toBe(42);
    expect(await client.call('forget')).toBeUndefined();
    server.emit('count', 7);
    await expect.poll(() => counted).toEqual([7]);
  });

  test('keeps arguments that do not fit from the handler', async () => {
    const [here, there] = pipes();
    const double = vi.fn<(n: number) => number>();
    serve(contract, there, { ...handlers, double });
    const client = connect(contract, here, quiet);
    const failure = await client.call('double', 'x' as unknown as number).catch((error: unknown) => error);
    expect(TrailError.is(failure, 'usage')).toBe(true);
    expect(double).not.toHaveBeenCalled();
  });

  test('keeps answers and events that do not fit from the client', async () => {
    const [here, there] = pipes();
    const server = serve(contract, there, { ...handlers, double: () => 'much' as unknown as number });
    const refused: string[] = [];
    const client = connect(contract, here, (reason) => refused.push(reason));
    const listener = vi.fn<(count: number) => void>();
    client.on('count', listener);
    await expect(client.call('double', 1)).rejects.toThrow('Bad answer to double');
    server.emit('count', 'seven' as unknown as number);
    await expect.poll(() => refused.join()).toContain('Bad event count');
    expect(listener).not.toHaveBeenCalled();
  });

  test('gives a new client nothing that was meant for the one before', async () => {
    const [here, there] = pipes();
    const late = deferred();
    const cancelled = vi.fn<() => void>();
    const server = serve(contract, there, {
      ...handlers,
      slow(operation) {
        operation.signal.addEventListener('abort', cancelled);
        return late.promise;
      },
    });
    const first = connect(contract, here, quiet);
    const asked = first.call('slow').catch((error: unknown) => error);
    const heard = vi.fn<(count: number) => void>();
    first.on('count', heard);

    // The first call of each has the same number.
    const second = connect(contract, here, quiet);
    expect(await second.call('double', 2)).toBe(4);
    expect(cancelled).toHaveBeenCalledOnce();
    late.resolve('late');
    server.emit('count', 1);
    expect(await second.call('double', 3)).toBe(6);
    expect(heard).not.toHaveBeenCalled();
    first.dispose();
    expect(await asked).toBeInstanceOf(Error);
  });
});
