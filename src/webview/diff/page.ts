import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { DiffHost } from './load.ts';
import type { Sides } from './messages.ts';

/** What every part of the page needs. */
export interface Page {
  readonly host: DiffHost;
  readonly sides: Sides;
  /** Says something to those who do not see it. */
  announce(text: string): void;
}

export const PageContext = createContext<Page | undefined>(undefined);

export function usePage(): Page {
  const page = useContext(PageContext);
  if (!page) throw new Error('There is no page around this part.');
  return page;
}
