import { expect, it, vi } from 'vitest';
import { versionChoices } from '../../src/editor/commands/choices.ts';
import type { ModelRef } from '../../src/editor/openTrail.ts';
import { version } from '../screens/compareVersions.ts';

vi.mock('vscode', () => import('../screens/fakeVscode.ts'));

it('a version to choose says its message last: the end of what is long is cut off', async () => {
  const long = version(1, {
    message: 'Fix the leakage of the target, see the long discussion with the fraud team',
    tags: ['champion'],
    metrics: { f1: 0.9 },
    absent: true,
  });
  const api = { versions: async () => ({ versions: [long] }) };
  const choices = await versionChoices({ trail: { api }, path: long.model } as unknown as ModelRef, {});
  const described = Array.isArray(choices) ? choices.at(-1)?.description : choices;
  expect(described).toMatch(/^tagged champion · f1 0\.9 · .* · not on this machine · Fix the leakage of/);
});
