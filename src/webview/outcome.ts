import { useState } from 'preact/hooks';
import { messageOf } from '../core/errors.ts';

/** Does what a user asked for and says in words what became of it, also to those who do not see it. */
export function useOutcome(announce: (text: string) => void) {
  const [said, say] = useState('');
  async function run(work: () => Promise<string>): Promise<void> {
    const text = await work().catch(messageOf);
    say(text);
    announce(text);
  }
  return { said, run };
}
