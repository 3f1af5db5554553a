import type { Version } from './versions.ts';

/**
 * Versions of several models in one order. Those of a model stay in the order of its trail, which knows better than the clocks that dated
 * them; between models there are only these.
 * @param models of each its versions in the order of the trail, newest first
 */
export function oldestFirst<V extends Pick<Version, 'time'>>(models: readonly (readonly V[])[]): V[] {
  const dated = models.flatMap((versions) => {
    let latest = '';
    return versions.toReversed().map((version) => {
      // None is older than the one before it.
      if (version.time > latest) latest = version.time;
      return { version, since: latest };
    });
  });
  const inOrder = dated.sort((a, b) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0));
  return inOrder.map(({ version }) => version);
}
