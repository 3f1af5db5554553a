import type { MessagePort, Worker } from 'node:worker_threads';
import type { Channel } from '../rpc/rpc.ts';

export function threadChannel(end: Worker | MessagePort): Channel {
  return {
    post: (message) => end.postMessage(message),
    listen(receive) {
      end.on('message', receive);
      return () => end.off('message', receive);
    },
  };
}
