import type { ChildProcess } from 'node:child_process';
import type { Channel } from '../rpc/rpc.ts';

/** The pipe between two processes, from either end. What is sent when the other has ended goes nowhere. */
export function processChannel(end: ChildProcess | NodeJS.Process): Channel {
  return {
    post: (message) => void end.send?.(message, undefined, undefined, () => {}),
    listen(receive) {
      end.on('message', receive);
      return () => end.off('message', receive);
    },
  };
}
