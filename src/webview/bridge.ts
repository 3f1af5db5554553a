import * as v from 'valibot';
import { type Client, connect, type Contract, type Pipe } from '../rpc/contract.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** What a page has of the editor: someone to ask, and a place for its view state. */
export interface Host<C extends Contract, S> {
  readonly client: Client<C>;
  /** What was kept last, if it still fits; also from before a reload of the window. */
  readState(): S | undefined;
  keepState(state: S): void;
}

/** Call once per page. */
export function connectHost<const C extends Contract, S>(
  contract: C,
  stateSchema: v.GenericSchema<unknown, S>,
): Host<C, S> {
  const api = acquireVsCodeApi();
  const pipe: Pipe = {
    post: (message) => api.postMessage(message),
    listen(receive) {
      const listener = (event: MessageEvent<unknown>): void => receive(event.data);
      window.addEventListener('message', listener);
      return () => window.removeEventListener('message', listener);
    },
  };
  return {
    client: connect(contract, pipe, (reason) => console.error(reason)),
    readState() {
      const state = v.safeParse(stateSchema, api.getState());
      return state.success ? state.output : undefined;
    },
    keepState: (state) => api.setState(state),
  };
}
