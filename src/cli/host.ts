import type { Readable } from 'node:stream';
import type { TrailApi } from '../trail/api/trailApi.ts';

export interface TextOutput {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** The process that the command line runs in. */
export interface Host {
  /** Absolute: where it was started. */
  readonly directory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: TextOutput;
  readonly stderr: TextOutput;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  openTrail(directory: string, options: OpenOptions): Promise<TrailApi>;
}

export interface OpenOptions {
  /** Told of what could not be done but does not stop the rest. */
  warn(message: string): void;
  /** A file that will be read as a whole. */
  readonly willRead?: string;
}
