import * as l10n from '@vscode/l10n';
import { useCallback } from 'preact/hooks';
import { type Draw, ReadableBars } from '../charts/readableBars.tsx';
import { countText } from '../format.ts';
import { usePage } from './page.ts';
import { drawTrees, type TreeSizes } from './treeBars.ts';

/** Leaves and depth of each tree, in the order in which they were added. */
export function TreeChart({ sizes }: { sizes: TreeSizes }) {
  const { announce } = usePage();
  const { leaves, depths } = sizes;
  const draw = useCallback<Draw>((canvas, theme, point) => drawTrees(canvas, sizes, theme, point), [sizes]);
  return (
    <ReadableBars
      head={<h3>{l10n.t('Tree by tree')}</h3>}
      label={l10n.t(
        'Leaves and depth of {0} trees: the arrow keys go from tree to tree.',
        countText(leaves.length),
      )}
      count={leaves.length}
      draw={draw}
      textOf={(tree) =>
        l10n.t(
          'Tree {0}: {1} leaves, depth {2}',
          countText(tree),
          countText(leaves[tree] ?? 0),
          countText(depths[tree] ?? 0),
        )
      }
      announce={announce}
    />
  );
}
