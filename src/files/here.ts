import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where a process can be looked for: a container may have the name of its machine, but not its processes. */
export const here = `${hostname()}${processSpace()}`;

function processSpace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid').replace('pid:', '');
  } catch {
    return '';
  }
}
