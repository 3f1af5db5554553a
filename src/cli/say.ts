import type { Host } from './host.ts';
import { printable, styled, wantsColours } from './style.ts';

/** A message that is no result: on stderr, so that stdout holds nothing else. */
export function say(host: Host, colour: 'red' | 'yellow', message: string): void {
  const text = `${styled(colour, 'modeltrail:')} ${message}\n`;
  host.stderr.write(printable(text, wantsColours(host.stderr, host.environment)));
}
