import { useEffect, useState } from 'preact/hooks';
import { messageOf, TrailError } from '../core/errors.ts';
import type { Operation, Progress } from '../core/operation.ts';

export type CallState<T> =
  | { readonly state: 'running'; readonly progress?: Progress; readonly before?: T }
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'failed'; readonly code?: string; readonly message: string; readonly before?: T };

export interface Call<T> {
  readonly current: CallState<T>;
  cancel(): void;
}

/**
 * Runs work that may take long whenever `key` is another than before, cancels it when it is no longer wanted, and keeps what the last one
 * gave until the next one has something as long as `subject` stays the same.
 */
export function useCall<T>(
  work: (operation: Operation) => Promise<T>,
  key: string,
  subject: string = key,
): Call<T> {
  const [call, setCall] = useState<{ subject: string; key: string; current: CallState<T> }>({
    subject,
    key,
    current: { state: 'running' },
  });
  const [controller, setController] = useState<AbortController | undefined>();
  useEffect(() => {
    const controller = new AbortController();
    setController(controller);
    const set = (next: (before: T | undefined) => CallState<T>): void => {
      if (controller.signal.aborted && !wanted) return;
      setCall((call) => ({
        subject,
        key,
        current: next(call.subject === subject ? valueOf(call.current) : undefined),
      }));
    };
    let wanted = true;
    set((before) => ({ state: 'running', before }));
    work({
      signal: controller.signal,
      report: (progress) => set((before) => ({ state: 'running', progress, before })),
    }).then(
      (value) => set(() => ({ state: 'done', value })),
      (error: unknown) => {
        const code = TrailError.is(error) ? error.code : undefined;
        set((before) => ({ state: 'failed', code, message: messageOf(error), before }));
      },
    );
    return () => {
      wanted = false;
      controller.abort();
    };
    // The work is what the key says.
  }, [key, subject]);
  const isOld = call.key !== key || call.subject !== subject;
  const before = call.subject === subject ? valueOf(call.current) : undefined;
  return {
    current: isOld ? { state: 'running', before } : call.current,
    cancel: () => controller?.abort(),
  };
}

/** What there is to show: of the last time, while there is nothing newer. */
export function valueOf<T>(current: CallState<T>): T | undefined {
  return current.state === 'done' ? current.value : current.before;
}
