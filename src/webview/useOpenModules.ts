import { useCallback, useMemo } from 'preact/hooks';
import { openAtFirst, type TreeNode } from './nameTree.ts';

/** More than this would make the kept state larger than it is worth. */
const mostToggled = 500;

export interface OpenModules {
  /** Another function whenever it would say something else. */
  isOpen(key: string): boolean;
  toggle(key: string): void;
}

/**
 * Which modules of a tree are open: those that are so at first, but for what the user toggled, and all while a filter says what is shown.
 * @param keep is told what the user toggled, the last of it if it is much
 */
export function useOpenModules<T, S>(
  root: TreeNode<T, S>,
  toggled: readonly string[],
  isFiltered: boolean,
  keep: (toggled: string[]) => void,
): OpenModules {
  const openFirst = useMemo(() => openAtFirst(root), [root]);
  const flipped = useMemo(() => new Set(toggled), [toggled]);
  const isOpen = useCallback(
    (key: string): boolean => isFiltered || openFirst.has(key) !== flipped.has(key),
    [isFiltered, openFirst, flipped],
  );
  function toggle(key: string): void {
    if (isFiltered) return;
    const others = toggled.filter((other) => other !== key);
    keep(flipped.has(key) ? others : [...others, key].slice(-mostToggled));
  }
  return { isOpen, toggle };
}
