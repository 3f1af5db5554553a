import * as vscode from 'vscode';
import { coalesce } from './coalesce.ts';
import { contextKeys } from './contextKeys.ts';
import { logError } from './log.ts';
import type { OpenTrail } from './openTrail.ts';
import type { Trails } from './trails.ts';

/** Tells `when` clauses whether there are models and anything was recorded, whichever views show: of one that is collapsed nobody asks. */
export function tellContents(trails: Trails, log: vscode.LogOutputChannel): vscode.Disposable {
  let looks = 0;
  const look = async (): Promise<void> => {
    const now = ++looks;
    const { opened } = trails;
    // Of what could not be opened nothing is known.
    if (opened.length === 0) return;
    try {
      const [hasModels, hasActivity] = await Promise.all([
        anyOf(opened, async (trail) => (await trail.models()).length > 0),
        anyOf(opened, async ({ api }) => (await api.activity({ offset: 0, limit: 0 })).total > 0),
      ]);
      // A later look knows better.
      if (now !== looks) return;
      contextKeys.hasModels.set(hasModels);
      contextKeys.activity.set(hasActivity ? 'some' : 'empty');
    } catch (error) {
      // The models view shows what is wrong with a trail.
      logError(log, error);
    }
  };
  const lookSoon = coalesce(() => void look(), 50, 500);
  return vscode.Disposable.from(trails.onDidOpen(lookSoon), trails.onDidChange(lookSoon), {
    dispose: lookSoon.cancel,
  });
}

async function anyOf(
  trails: readonly OpenTrail[],
  holds: (trail: OpenTrail) => Promise<boolean>,
): Promise<boolean> {
  return (await Promise.all(trails.map(holds))).includes(true);
}
