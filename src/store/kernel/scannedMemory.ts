import { type GearScanner, plainScanner } from './gear.ts';
import { gearWasm } from './gear.wasm.ts';

/** Memory that several threads can see, and who scans what is in it, without copying. */
export interface ScannedMemory {
  readonly bytes: Uint8Array;
  /** For views of `bytes` alone. */
  readonly scanner: GearScanner;
}

const pageBytes = 65_536;
/** The kernel may load this much behind what it scans. */
const loadedBehind = 32;
/** Of what gear.c keeps for itself. */
const ownPages = 1;

/** What gear.c exports. The places are addresses in the memory. */
interface Kernel {
  prepare(): void;
  bytes_start(): number;
  scan(from: number, middle: number, to: number, strict: number, loose: number): number;
}

let kernel: WebAssembly.Module | undefined;

export function scannedMemory(length: number): ScannedMemory {
  try {
    return kernelMemory(length);
  } catch {
    // No SIMD, or no address space left.
    return { bytes: new Uint8Array(new SharedArrayBuffer(length)), scanner: plainScanner() };
  }
}

function kernelMemory(length: number): ScannedMemory {
  kernel ??= new WebAssembly.Module(Buffer.from(gearWasm, 'base64'));
  const pages = ownPages + Math.ceil((length + loadedBehind) / pageBytes);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
  const { exports } = new WebAssembly.Instance(kernel, { env: { memory } });
  const { prepare, bytes_start, scan } = exports as unknown as Kernel;
  prepare();
  const bytes = new Uint8Array(memory.buffer, bytes_start(), length);
  return {
    bytes,
    scanner: {
      scan({ buffer, byteOffset }, from, middle, to, { strict, loose }) {
        if (buffer !== memory.buffer) throw new Error('These bytes are not in the memory of the kernel.');
        const found = scan(byteOffset + from, byteOffset + middle, byteOffset + to, strict, loose);
        return found === 0 ? -1 : found - byteOffset;
      },
    },
  };
}
