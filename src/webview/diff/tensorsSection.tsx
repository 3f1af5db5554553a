import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { FilterBox } from '../filterBox.tsx';
import { FilteredGrid, ShownCount } from '../filteredGrid.tsx';
import { treeRows } from '../nameTree.ts';
import type { Sort } from '../schemas.ts';
import { useOpenModules } from '../useOpenModules.ts';
import { HeatStrip } from './heatStrip.tsx';
import type { TensorsState } from './messages.ts';
import { usePage } from './page.ts';
import type { SectionProps } from './sections.tsx';
import { tensorColumns } from './tensorColumns.tsx';
import { TensorDetail } from './tensorDetail.tsx';
import { comparison, entriesIn, entryTree, isSame, keyOf, matching, nameOf } from './tensorTree.ts';

const byName: Sort = { column: 'name', descending: false };

/** Where the weights moved: layer by layer at a glance, tensor by tensor in a table, and one of them in depth. */
export function TensorsSection({ diff, state, update }: SectionProps) {
  const { copy } = usePage();
  const { entries, modules } = diff.tensors;
  const { filter = '', sort = byName, toggled = [], selected, all = false } = state.tensors ?? {};
  const set = (change: TensorsState): void => update({ tensors: { ...state.tensors, ...change } });

  const root = useMemo(() => entryTree(entries), [entries]);
  const isFiltered = filter.trim() !== '';
  const { isOpen, toggle } = useOpenModules(root, toggled, isFiltered, (toggled) => set({ toggled }));
  const rows = useMemo(
    () =>
      treeRows(root, {
        order: `${sort.column} ${sort.descending}`,
        compare: comparison(sort),
        matches: matching({ filter, all }),
        isOpen: ({ key }) => isOpen(key),
      }),
    [root, sort, filter, all, isOpen],
  );
  const same = useMemo(() => entries.filter(isSame).length, [entries]);
  const shown = useMemo(
    () => (isFiltered ? entriesIn(rows).length : all ? entries.length : entries.length - same),
    [rows, isFiltered, all, entries, same],
  );
  const chosen = useMemo(
    () => (selected === undefined ? undefined : entries.find((entry) => keyOf(entry) === selected)),
    [entries, selected],
  );

  function showModule(module: string): void {
    const entry = entries.find((entry) => entry.module === module);
    const name = entry ? nameOf(entry) : '';
    // With the separator that follows, so that layer 1 is not layer 10 too.
    const end = name.lastIndexOf(module) + module.length + 1;
    set({
      filter: module === '' ? '' : name.slice(0, end),
      all: all || (entry !== undefined && isSame(entry)),
    });
  }

  return (
    <div class={chosen ? 'split with-detail' : 'split'}>
      <div class="table-side">
        <HeatStrip modules={modules} choose={showModule} />
        <div class="table-head">
          <FilterBox
            label={l10n.t('Filter by name or type')}
            value={filter}
            set={(filter) => set({ filter })}
          />
          {same > 0 && (
            <label class="check">
              <input
                type="checkbox"
                checked={!all}
                onChange={({ currentTarget }) => set({ all: !currentTarget.checked })}
              />
              {l10n.t('Changed only')}
            </label>
          )}
          <ShownCount shown={shown} of={entries.length} />
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Tensors')}
          columns={tensorColumns()}
          rows={rows}
          selected={chosen && keyOf(chosen)}
          sort={sort}
          tree={{
            level: (row) => row.level,
            expanded: ({ node }) => (node.item ? undefined : isOpen(node.key)),
            toggle: ({ node }) => toggle(node.key),
          }}
          keyOf={({ node }) => node.key}
          select={({ node }) => node.item && set({ selected: node.key })}
          setSort={(sort) => set({ sort })}
          copy={({ node }) => node.item && copy(nameOf(node.item))}
        />
      </div>
      {chosen && (
        <TensorDetail key={keyOf(chosen)} entry={chosen} close={() => set({ selected: undefined })} />
      )}
    </div>
  );
}
