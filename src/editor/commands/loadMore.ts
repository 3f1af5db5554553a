import type { MoreActivityNode } from '../activityItems.ts';
import type { MoreNode } from '../nodes.ts';
import type { Command } from './context.ts';

/** Shows more rows; a click on the last row of either view. */
export const loadMore: Command = async ({ models, activity }, target) => {
  const node = target as MoreNode | MoreActivityNode | undefined;
  if (node?.kind === 'more') models.loadMore(node);
  else if (node?.kind === 'moreActivity') activity.loadMore(node);
};
