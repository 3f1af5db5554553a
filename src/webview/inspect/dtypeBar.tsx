import * as l10n from '@vscode/l10n';
import { useMemo } from 'preact/hooks';
import { seriesColors } from '../theme.ts';
import { bytesText, countText, shareText } from '../format.ts';
import type { Tensor } from './record.ts';
import { elementsOf } from './tensorTree.ts';

interface Part {
  readonly dtype: string;
  tensors: number;
  elements: number;
  bytes: number;
}

/** As many as there are colours to tell them apart; the rest is one part. */
const mostParts = seriesColors.length;

/** How the parameters are divided among the types of their elements. */
export function DtypeBar({ tensors }: { tensors: readonly Tensor[] }) {
  const parts = useMemo(() => partsOf(tensors), [tensors]);
  const elements = parts.reduce((sum, part) => sum + part.elements, 0);
  if (parts.length === 0) return null;
  const share = (part: Part): number => (elements === 0 ? 1 / parts.length : part.elements / elements);
  return (
    <div class="dtypes">
      <div class="dtype-bar" aria-hidden="true">
        {parts.map((part, index) => (
          <span key={part.dtype} style={{ flexGrow: share(part), background: colorOf(index) }} />
        ))}
      </div>
      <ul aria-label={l10n.t('Types of the parameters')}>
        {parts.map((part, index) => (
          <li
            key={part.dtype}
            title={l10n.t(
              'Tensors: {0}. Elements: {1}. Size: {2}.',
              countText(part.tensors),
              countText(part.elements),
              bytesText(part.bytes),
            )}
          >
            <span class="swatch" style={{ background: colorOf(index) }} aria-hidden="true" />
            {part.dtype} <span class="muted">{shareText(share(part))}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function colorOf(index: number): string {
  return seriesColors[index % mostParts] ?? seriesColors[0];
}

function partsOf(tensors: readonly Tensor[]): Part[] {
  const parts = new Map<string, Part>();
  for (const tensor of tensors) {
    const part = parts.get(tensor.dtype) ?? { dtype: tensor.dtype, tensors: 0, elements: 0, bytes: 0 };
    // Tied weights are there once.
    const counts = tensor.sharesStorageWith === undefined;
    part.tensors++;
    part.elements += counts ? (elementsOf(tensor) ?? 0) : 0;
    part.bytes += counts ? (tensor.byteLength ?? 0) : 0;
    parts.set(tensor.dtype, part);
  }
  const sorted = [...parts.values()].sort((a, b) => b.elements - a.elements);
  if (sorted.length <= mostParts) return sorted;
  const rest = sorted.splice(mostParts - 1);
  const sum = (of: (part: Part) => number): number => rest.reduce((total, part) => total + of(part), 0);
  return [
    ...sorted,
    {
      dtype: l10n.t('other'),
      tensors: sum((part) => part.tensors),
      elements: sum((part) => part.elements),
      bytes: sum((part) => part.bytes),
    },
  ];
}
