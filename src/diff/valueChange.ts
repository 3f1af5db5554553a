import type { ParamValue } from '../core/facts.ts';

/** A value that one side lacks is absent there. */
export interface ValueChange {
  readonly name: string;
  readonly a?: ParamValue;
  readonly b?: ParamValue;
}
