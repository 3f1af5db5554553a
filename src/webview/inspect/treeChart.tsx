import { useEffect, useRef, useState } from 'preact/hooks';
import { fill } from '../l10n.ts';
import { useTheme } from '../theme.ts';
import { countText } from '../format.ts';
import { usePage } from './page.ts';
import { drawTrees } from './treeBars.ts';

interface TreeChartProps {
  readonly leaves: readonly number[];
  readonly depths: readonly number[];
}

/** Leaves and depth of each tree, in the order in which they were added. The arrow keys go from tree to tree. */
export function TreeChart({ leaves, depths }: TreeChartProps) {
  const { strings, announce } = usePage();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [tree, setTree] = useState<number | undefined>();
  const [leavesWord, depthWord] = [strings.leaves, strings.depth];
  useEffect(() => {
    if (!canvas.current) return undefined;
    return drawTrees(canvas.current, { leaves, depths, theme, words: [leavesWord, depthWord] }, setTree);
  }, [leaves.join(), depths.join(), theme, leavesWord, depthWord]);

  const textOf = (tree: number): string =>
    fill(strings.treePoint, countText(tree), countText(leaves[tree] ?? 0), countText(depths[tree] ?? 0));
  function onKeyDown(event: KeyboardEvent): void {
    const last = leaves.length - 1;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: Math.min(last, (tree ?? -1) + 1),
      ArrowLeft: Math.max(0, (tree ?? leaves.length) - 1),
      Home: 0,
      End: last,
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    setTree(to);
    announce(textOf(to));
  }
  return (
    <section class="block">
      <h3>{strings.perTree}</h3>
      <div
        class="histogram"
        role="application"
        aria-label={fill(strings.treesLabel, countText(leaves.length))}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setTree(undefined)}
      >
        <canvas ref={canvas} />
      </div>
      <p class="readout muted">{tree === undefined ? '\u00a0' : textOf(tree)}</p>
    </section>
  );
}
