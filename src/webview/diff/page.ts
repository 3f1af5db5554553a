import { pageContext } from '../pageContext.ts';
import type { DiffHost } from './load.ts';
import type { Sides } from './messages.ts';

/** What every part of the page needs. */
export interface Page {
  readonly host: DiffHost;
  readonly sides: Sides;
  copy(text: string): void;
  /** Says something to those who do not see it. */
  announce(text: string): void;
}

export const { PageContext, usePage } = pageContext<Page>();
