import * as l10n from '@vscode/l10n';
import { countText } from './format.ts';
import { Grid, type GridProps } from './grid.tsx';

/** A table of what a filter leaves, or that it leaves nothing. */
export function FilteredGrid<R>({ filter, ...grid }: GridProps<R> & { readonly filter: string }) {
  if (grid.rows.length > 0) return <Grid {...grid} />;
  return <p class="muted nothing">{l10n.t('Nothing here has “{0}” in it.', filter)}</p>;
}

/** How much a filter leaves, where that is not all. */
export function ShownCount({ shown, of }: { shown: number; of: number }) {
  return (
    <span class="muted shown-count" role="status">
      {shown < of && l10n.t('{0} of {1}', countText(shown), countText(of))}
    </span>
  );
}
