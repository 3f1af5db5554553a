import { copyBytes } from '../../files/copyBytes.ts';
import type { GearScanner } from './gear.ts';
import { gearWasm } from './gear.wasm.ts';

/** What gear.c exports. */
interface Kernel {
  readonly memory: WebAssembly.Memory;
  prepare(): void;
  reset(): void;
  window_start(): number;
  window_length(): number;
  scan(length: number, threshold: number): number;
}

/** The kernel of gear.c. Bytes go through a window in its memory: they are copied once. */
export async function wasmScanner(): Promise<GearScanner> {
  const { instance } = await WebAssembly.instantiate(Buffer.from(gearWasm, 'base64'));
  const kernel = instance.exports as unknown as Kernel;
  kernel.prepare();
  const window = new Uint8Array(kernel.memory.buffer, kernel.window_start(), kernel.window_length());
  return {
    reset: kernel.reset,
    scan(bytes, from, to, threshold) {
      for (let at = from; at < to;) {
        const piece = bytes.subarray(at, Math.min(to, at + window.length));
        copyBytes(piece, window);
        const found = kernel.scan(piece.length, threshold);
        if (found > 0) return at + found;
        at += piece.length;
      }
      return -1;
    },
  };
}
