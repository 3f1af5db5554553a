import { useCallback } from 'preact/hooks';
import { type Draw, ReadableBars } from '../charts/readableBars.tsx';
import { countText } from '../format.ts';
import { fill } from '../l10n.ts';
import { usePage } from './page.ts';
import { drawTrees, type TreeSizes } from './treeBars.ts';

/** Leaves and depth of each tree, in the order in which they were added. */
export function TreeChart({ sizes }: { sizes: TreeSizes }) {
  const { strings, announce } = usePage();
  const { leaves, depths } = sizes;
  const draw = useCallback<Draw>(
    (canvas, theme, point) => drawTrees(canvas, sizes, strings, theme, point),
    [sizes, strings],
  );
  return (
    <ReadableBars
      head={<h3>{strings.perTree}</h3>}
      label={fill(strings.treesLabel, countText(leaves.length))}
      count={leaves.length}
      draw={draw}
      textOf={(tree) =>
        fill(strings.treePoint, countText(tree), countText(leaves[tree] ?? 0), countText(depths[tree] ?? 0))
      }
      announce={announce}
    />
  );
}
