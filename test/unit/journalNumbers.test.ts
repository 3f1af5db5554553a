import type * as fileSystem from 'node:fs/promises';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reserveNumber } from '../../src/journal/numbers.ts';
import { makeWorkspace, sha256, type Workspace } from '../support/workspace.ts';

// The real calls, counted.
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof fileSystem>();
  return { ...real, open: vi.fn(real.open) };
});

let workspace: Workspace;
beforeEach(() => {
  workspace = makeWorkspace({ git: false });
});
afterEach(() => workspace.remove());
const reserve = (content: string, taken: readonly number[], model = 'm.pt', trail = '') =>
  reserveNumber(workspace.folder, trail, model, sha256(content), new Set(taken));

describe('version numbers', () => {
  it('start where the journal ends, and are counted for each model', async () => {
    expect(await reserve('a', [])).toBe(1);
    expect(await reserve('b', [2, 6])).toBe(7);
    expect(await reserve('a', [], 'other.pt')).toBe(1);
  });

  it('are counted for each trail, but none is given again that was when they were not told apart', async () => {
    expect(await reserve('a', [])).toBe(1);
    expect(await reserve('b', [], 'm.pt', 'team')).toBe(1);
    const earlier = path.join('numbers', sha256('m.pt').slice(0, 16));
    workspace.write(path.join(earlier, '2'), sha256('c'));
    workspace.write(path.join(earlier, '3'), '');
    expect(await reserve('d', [], 'm.pt', 'team')).toBe(4);
    expect(await reserve('c', [], 'm.pt', 'team')).toBe(2);
  });

  it('stay with a content whose fact was not written, as after a crash', async () => {
    expect(await reserve('a', [])).toBe(1);
    expect(await reserve('b', [])).toBe(2);
    expect(await reserve('b', [])).toBe(2);
    // By then another clone's journal has used the reserved one.
    expect(await reserve('a', [1, 2])).toBe(3);
  });

  it('are the same for a content that another branch recorded before others', async () => {
    expect(await reserve('a', [1])).toBe(2);
    expect(await reserve('b', [1])).toBe(3);
    // This branch knows of b, and not of a.
    expect(await reserve('a', [1, 3])).toBe(2);
  });

  it('are never given twice, and the same content gets one, when many ask at once', async () => {
    const contents = Array.from({ length: 40 }, (_, index) => `content ${index % 20}`);
    const numbers = await Promise.all(contents.map((content) => reserve(content, [])));
    expect(new Set(numbers)).toEqual(new Set(Array.from({ length: 20 }, (_, index) => index + 1)));
    expect(numbers.slice(0, 20)).toEqual(numbers.slice(20));
  });

  it('are found as fast by a branch that knows of none of those that others took', async () => {
    await reserve('a', []);
    const folder = path.join(
      workspace.folder,
      'numbers',
      ...readdirSync(path.join(workspace.folder, 'numbers')),
    );
    const opensWith = async (others: number): Promise<number> => {
      rmSync(folder, { recursive: true });
      mkdirSync(folder);
      for (let number = 1; number <= others; number++)
        writeFileSync(path.join(folder, `${number}`), sha256(`other ${number}`));
      vi.mocked(open).mockClear();
      expect(await reserve('a', [])).toBe(others + 1);
      return vi.mocked(open).mock.calls.length;
    };
    expect(await opensWith(50)).toBe(await opensWith(1));
  });

  it('skip a reservation that cannot be read', async () => {
    await reserve('a', []);
    const [model = ''] = readdirSync(path.join(workspace.folder, 'numbers'));
    writeFileSync(path.join(workspace.folder, 'numbers', model, '2'), '');
    expect(await reserve('b', [1])).toBe(3);
  });

  it('cannot be reserved where a file is in the way', async () => {
    workspace.write('numbers', '');
    await expect(reserve('a', [])).rejects.toMatchObject({ name: 'TrailError' });
  });
});
