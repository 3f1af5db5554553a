import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** What a page that cannot be read aloud, or at all, has. */
export async function violations(page: Page): Promise<unknown[]> {
  const results = await new AxeBuilder({ page }).analyze();
  return results.violations.map(({ id, nodes }) => [id, nodes.map((node) => node.failureSummary)]);
}
