import * as l10n from '@vscode/l10n';
import type { TensorEntry } from '../../diff/tensorsDiff.ts';
import { countText, inLanguage, numberText, shareText } from '../format.ts';
import type { GridColumn } from '../grid.tsx';
import { magnitude, magnitudeColor } from './scale.ts';
import { changedShare, type EntryNode, type EntryRow, nameOf, relativeL2 } from './tensorTree.ts';
import { kindChange, statusWord } from './words.ts';

export function tensorColumns(): readonly GridColumn<EntryRow>[] {
  return [
    {
      id: 'name',
      label: l10n.t('Name'),
      width: 'minmax(0, 1fr)',
      sortable: true,
      cell: ({ node }) => <Name node={node} />,
    },
    {
      id: 'type',
      label: l10n.t('Type and shape'),
      width: 'clamp(120px, 24%, 260px)',
      from: 560,
      sortable: true,
      cell: ({ node }) => node.item && <Kind entry={node.item} />,
    },
    {
      id: 'relativeL2',
      label: l10n.t('Relative L2'),
      width: '124px',
      numeric: true,
      sortable: true,
      cell: ({ node }) => <Change node={node} />,
    },
    {
      id: 'cosine',
      label: l10n.t('Cosine'),
      width: '76px',
      from: 760,
      numeric: true,
      sortable: true,
      cell: ({ node }) => cosineText(node.item?.difference?.cosine),
    },
    {
      id: 'maxAbsolute',
      label: l10n.t('Max |Δ|'),
      width: '80px',
      from: 680,
      numeric: true,
      sortable: true,
      cell: ({ node }) => (node.sums.maxAbsolute > 0 ? numberText(node.sums.maxAbsolute, 3) : ''),
    },
    {
      id: 'changed',
      label: l10n.t('Changed'),
      width: '76px',
      from: 440,
      numeric: true,
      sortable: true,
      cell: ({ node }) => changedText(node),
    },
  ];
}

const marks = { added: '+', removed: '−', changed: '~', same: '=', unknown: '?' } as const;

function Name({ node }: { node: EntryNode }) {
  const { item } = node;
  if (!item) {
    return (
      <>
        <span class="label module" title={node.key}>
          {node.label}
        </span>
        <span class="count">{countText(node.sums.tensors)}</span>
      </>
    );
  }
  const isRenamed = item.renamed && item.renamed !== 'prefix';
  const title = isRenamed ? `${item.a?.name ?? ''} → ${nameOf(item)}` : nameOf(item);
  return (
    <>
      <span class={`status ${item.status}`} title={statusWord(item)} aria-hidden="true">
        {marks[item.status]}
      </span>
      <span class="hidden-text">{statusWord(item)}: </span>
      <span class="label" title={title}>
        {node.label}
      </span>
      {isRenamed && <span class="tag">{l10n.t('renamed')}</span>}
    </>
  );
}

function Kind({ entry }: { entry: TensorEntry }) {
  const text = kindChange(entry);
  return (
    <span class={entry.retyped || entry.requantized || entry.reshaped ? 'label moved' : 'label'} title={text}>
      {text}
    </span>
  );
}

/** How far the values moved, as a bar on a scale of powers of ten. */
function Change({ node }: { node: EntryNode }) {
  const moved = relativeL2(node);
  if (moved === undefined || moved === 0)
    return (
      <span class="muted">{node.item ? statusWord(node.item) : moved === 0 ? l10n.t('frozen') : ''}</span>
    );
  const size = magnitude(moved);
  return (
    <span class="share">
      <span class="share-bar" aria-hidden="true">
        <span style={{ width: `${size * 100}%`, background: magnitudeColor(size) }} />
      </span>
      <span class="number">{numberText(moved, 3)}</span>
    </span>
  );
}

/** Never rounder than the truth: what is not 1 is said to be less. */
export function cosineText(cosine: number | undefined, digits = 4): string {
  if (cosine === undefined) return '';
  const most = 1 - 10 ** -digits;
  return inLanguage(cosine < 1 && cosine > most ? `> ${most.toFixed(digits)}` : cosine.toFixed(digits));
}

function changedText(node: EntryNode): string {
  const { item, sums } = node;
  if (!item) return `${countText(sums.changed)}/${countText(sums.tensors)}`;
  return item.difference ? shareText(changedShare(node)) : '';
}
