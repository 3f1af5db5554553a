// Rows of the Models view.
import type { Locator } from 'playwright-core';
import { vi } from 'vitest';
import type { Text, Workbench } from '../harness/workbench.ts';

/** The row of a model: the changes in the activity view name it too. */
export function rowOfModel(workbench: Workbench, name: string): Locator {
  return workbench.view('Models').locator('.monaco-list-row', { hasText: name }).first();
}

/** The row of a version, by what is read out, where its message is whole: rows of other kinds, which may name it too, have no check box. */
export function rowOfVersion({ page }: Workbench, text: Text): Locator {
  const rows = page.locator('.part.sidebar .monaco-list-row', { has: page.getByRole('checkbox') });
  return rows.and(page.getByRole('treeitem', { name: text })).first();
}

/**
 * Checks the box of a version, or takes the check away, so that this many are checked. A click just while the editor asks for rows is
 * lost; the box says so a moment later, and a user clicks again.
 */
export async function setBox(
  workbench: Workbench,
  text: Text,
  checked: boolean,
  allChecked: number,
): Promise<void> {
  const header = workbench.view('Models').locator('.pane-header', { hasText: `${allChecked} checked` });
  const box = rowOfVersion(workbench, text).getByRole('checkbox');
  const click = async (): Promise<void> => {
    await box.setChecked(checked, { timeout: 3000 });
    await header.waitFor({ timeout: 3000 });
  };
  await vi.waitFor(click, { timeout: 60_000 });
}
