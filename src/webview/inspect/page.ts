import { pageContext } from '../pageContext.ts';
import type { InspectHost } from './load.ts';
import type { Shown } from './messages.ts';

/** What every part of the page needs. */
export interface Page {
  readonly host: InspectHost;
  readonly shown: Shown;
  /** Another one whenever other bytes are shown. */
  readonly content: string;
  copy(text: string): void;
  /** Says something to those who do not see it. */
  announce(text: string): void;
}

export const { PageContext, usePage } = pageContext<Page>();
