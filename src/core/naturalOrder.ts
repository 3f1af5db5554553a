let collator: Intl.Collator | undefined;

/** Layer 2 before layer 10, whatever the language of the system; names that look the same to the collator still have one order. */
export function compareNaturally(a: string, b: string): number {
  // Made when first needed: every start would wait some milliseconds for it.
  collator ??= new Intl.Collator('en', { numeric: true });
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
