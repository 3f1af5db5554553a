import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { FilteredGrid, ShownCount } from '../filteredGrid.tsx';
import type { GridColumn } from '../grid.tsx';
import { treeRows } from '../nameTree.ts';
import { FilterBox } from '../filterBox.tsx';
import { bytesText, countText, shapeText, shareText } from '../format.ts';
import type { Sort } from '../schemas.ts';
import type { InspectState } from './messages.ts';
import { useOpenModules } from '../useOpenModules.ts';
import { usePage } from './page.ts';
import type { SectionProps } from './sections.tsx';
import { TableTools } from './tableTools.tsx';
import { TensorDetail } from './tensorDetail.tsx';
import { comparison, elementsOf, matching, type TensorRow, tensorsIn, tensorTree } from './tensorTree.ts';

const byName: Sort = { column: 'name', descending: false };

/** All tensors by the modules that their names tell of, and what is in the chosen one. */
export function TensorsSection({ model, state, update }: SectionProps) {
  const { copy } = usePage();
  const { tensors } = model.record;
  const { filter = '', sort = byName, toggled = [], selected } = state.tensors ?? {};
  const set = (change: NonNullable<InspectState['tensors']>): void =>
    update({ tensors: { ...state.tensors, ...change } });

  const root = useMemo(() => tensorTree(tensors), [tensors]);
  const isFiltered = filter.trim() !== '';
  const { isOpen, toggle } = useOpenModules(root, toggled, isFiltered, (toggled) => set({ toggled }));
  const rows = useMemo(
    () =>
      treeRows(root, {
        order: `${sort.column} ${sort.descending}`,
        compare: comparison(sort),
        matches: matching(filter),
        isOpen: ({ key }) => isOpen(key),
      }),
    [root, sort, filter, isOpen],
  );
  const shown = useMemo(() => (isFiltered ? tensorsIn(rows) : tensors), [rows, isFiltered, tensors]);
  const chosen = selected === undefined ? undefined : tensors.find(({ name }) => name === selected);

  const share = ({ node }: TensorRow): number =>
    root.sums.elements === 0 ? 0 : node.sums.elements / root.sums.elements;
  const columns: readonly GridColumn<TensorRow>[] = [
    {
      id: 'name',
      label: l10n.t('Name'),
      width: 'minmax(0, 1fr)',
      sortable: true,
      cell: ({ node }) => (
        <>
          <span class={node.item ? 'label' : 'label module'} title={node.item?.name ?? node.key}>
            {node.label}
          </span>
          {!node.item && <span class="count">{countText(node.sums.tensors)}</span>}
        </>
      ),
    },
    {
      id: 'dtype',
      label: l10n.t('Type'),
      width: '76px',
      from: 420,
      sortable: true,
      cell: ({ node }) => node.item?.dtype,
    },
    {
      id: 'shape',
      label: l10n.t('Shape'),
      width: 'clamp(84px, 20%, 150px)',
      sortable: true,
      numeric: true,
      cell: ({ node }) =>
        node.item && (
          <span class="label" title={shapeText(node.item.shape, l10n.t('scalar'))}>
            {shapeText(node.item.shape, l10n.t('scalar'))}
          </span>
        ),
    },
    {
      id: 'size',
      label: l10n.t('Size'),
      width: '84px',
      from: 520,
      sortable: true,
      numeric: true,
      cell: ({ node }) => (node.sums.bytes > 0 ? bytesText(node.sums.bytes) : ''),
    },
    {
      id: 'share',
      label: l10n.t('Share'),
      width: '112px',
      from: 640,
      sortable: true,
      numeric: true,
      cell: (row) => (
        <span class="share">
          <span class="share-bar" aria-hidden="true">
            <span style={{ width: `${share(row) * 100}%` }} />
          </span>
          <span class="number">{shareText(share(row))}</span>
        </span>
      ),
    },
  ];

  return (
    <div class={chosen ? 'split with-detail' : 'split'}>
      <div class="table-side">
        <div class="table-head">
          <FilterBox
            label={l10n.t('Filter by name or type')}
            value={filter}
            set={(filter) => set({ filter })}
          />
          <ShownCount shown={shown.length} of={tensors.length} />
          <TableTools
            table={() => ({
              columns: [
                'name',
                'dtype',
                'shape',
                'elements',
                'byteOffset',
                'byteLength',
                'sharesStorageWith',
              ],
              rows: shown.map((tensor) => [
                tensor.name,
                tensor.dtype,
                tensor.shape.join('x'),
                elementsOf(tensor),
                tensor.byteOffset,
                tensor.byteLength,
                tensor.sharesStorageWith,
              ]),
            })}
          />
        </div>
        <FilteredGrid
          filter={filter}
          label={l10n.t('Tensors')}
          columns={columns}
          rows={rows}
          selected={chosen && `=${chosen.name}`}
          sort={sort}
          tree={{
            level: (row) => row.level,
            expanded: ({ node }) => (node.item ? undefined : isOpen(node.key)),
            toggle: ({ node }) => toggle(node.key),
          }}
          keyOf={({ node }) => node.key}
          select={({ node }) => node.item && set({ selected: node.item.name })}
          setSort={(sort) => set({ sort })}
          copy={({ node }) => copy(node.item?.name ?? node.key)}
        />
      </div>
      {chosen && (
        <TensorDetail key={chosen.name} tensor={chosen} close={() => set({ selected: undefined })} />
      )}
    </div>
  );
}
