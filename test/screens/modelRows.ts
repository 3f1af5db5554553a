// Rows of the Models view.
import type { Locator } from 'playwright-core';
import type { Text, Workbench } from '../harness/workbench.ts';

/** The row of a model: the changes in the activity view name it too. */
export function rowOfModel(workbench: Workbench, name: string): Locator {
  return workbench.view('Models').locator('.monaco-list-row', { hasText: name }).first();
}

/** The row of a version: rows of other kinds, which may name it too, have no check box. */
export function rowOfVersion({ page }: Workbench, text: Text): Locator {
  const rows = page.locator('.part.sidebar .monaco-list-row', { has: page.getByRole('checkbox') });
  return rows.filter({ hasText: text }).first();
}
