import * as l10n from '@vscode/l10n';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { InlineFailure } from '../inlineFailure.tsx';
import { useTheme } from '../theme.ts';
import { useCall, valueOf } from '../useCall.ts';
import { countText, numberText } from '../format.ts';
import { colorScale, fullAt, gradient, paint } from './heatColors.ts';
import { type Cell, useCells } from './heatKeys.ts';
import { reductions, type Slice, type SliceRequest } from './messages.ts';
import { usePage } from './page.ts';
import { Reading } from '../reading.tsx';
import type { Tensor } from './record.ts';

/** Cells on either side: more could not be told apart. */
const mostCells = 192;

/** Two dimensions of a tensor as a picture; of the others the user says which plane. */
export function HeatMap({ tensor }: { tensor: Tensor }) {
  const { host, shown, content } = usePage();
  const leading = tensor.shape.slice(0, -2).map((size) => size ?? 1);
  const [plane, setPlane] = useState<readonly number[]>(() => leading.map(() => 0));
  const [attempt, setAttempt] = useState(0);
  const [reduce, setReduce] = useState<SliceRequest['reduce']>('mean');
  const { current, cancel } = useCall(
    (operation) =>
      host.client.run(operation, 'slice', shown, tensor.name, {
        plane: [...plane],
        rows: mostCells,
        columns: mostCells,
        reduce,
      }),
    `${content} ${plane.join()} ${reduce} ${attempt}`,
    tensor.name,
  );
  const slice = valueOf(current);
  const isReduced = slice !== undefined && (slice.rows < slice.height || slice.columns < slice.width);
  return (
    <section class="block" aria-label={l10n.t('Values')}>
      <div class="block-head">
        <h3>{l10n.t('Values')}</h3>
        {leading.map((size, dimension) => (
          <label key={dimension} class="plane muted">
            {l10n.t('Index {0}', dimension)}
            <input
              class="field"
              type="number"
              min={0}
              max={size - 1}
              value={plane[dimension]}
              onInput={({ currentTarget }) => {
                const at = Math.min(Math.max(0, Math.trunc(Number(currentTarget.value)) || 0), size - 1);
                setPlane((plane) => plane.with(dimension, at));
              }}
            />
          </label>
        ))}
        {isReduced && (
          <select
            class="field"
            aria-label={l10n.t('What a cell shows of its elements')}
            value={reduce}
            onChange={({ currentTarget }) =>
              setReduce(reductions.find((name) => name === currentTarget.value) ?? 'mean')
            }
          >
            <option value="mean">{l10n.t('Mean of the cell')}</option>
            <option value="extreme">{l10n.t('Extreme of the cell')}</option>
          </select>
        )}
      </div>
      {current.state === 'running' && (
        <Reading progress={current.progress} quiet={slice !== undefined} cancel={cancel} />
      )}
      {current.state === 'failed' && (
        <InlineFailure
          message={current.code === 'cancelled' ? l10n.t('Cancelled') : current.message}
          retry={{ label: l10n.t('Try Again'), act: () => setAttempt(attempt + 1) }}
        />
      )}
      {slice?.obstacle !== undefined && <p class="obstacle muted">{slice.obstacle}</p>}
      {slice && slice.rows > 0 && slice.columns > 0 && <Picture slice={slice} reduce={reduce} />}
    </section>
  );
}

function Picture({ slice, reduce }: { slice: Slice; reduce: SliceRequest['reduce'] }) {
  const { announce } = usePage();
  const theme = useTheme();
  const canvas = useRef<HTMLCanvasElement>(null);
  const values = useMemo(() => floatsOf(slice.values), [slice.values]);
  const scale = useMemo(() => colorScale(theme), [theme]);
  const { bound, clipped } = useMemo(() => fullAt(values), [values]);
  const hasNegative = useMemo(() => values.some((value) => value < 0), [values]);
  useEffect(() => {
    if (canvas.current) paint(canvas.current, values, slice, scale, bound);
  }, [values, slice, scale, bound]);

  const { cell, ...handlers } = useCells(slice, (cell) => announce(textOf(cell)));
  function textOf({ row, column }: Cell): string {
    const value = values[row * slice.columns + column] ?? NaN;
    const isOne = slice.rows === slice.height && slice.columns === slice.width;
    const text = Number.isFinite(value) ? numberText(value) : l10n.t('no finite number');
    const down = l10n.t('row {0}', within(row, slice.height, slice.rows));
    const across = l10n.t('column {0}', within(column, slice.width, slice.columns));
    if (isOne) return l10n.t('{0}, {1}: {2}', down, across, text);
    return reduce === 'mean'
      ? l10n.t('{0}, {1}: {2} on average', down, across, text)
      : l10n.t('{0}, {1}: {2} is farthest from zero', down, across, text);
  }
  const end = numberText(bound, 3);
  return (
    <>
      <div
        class="heat-map"
        role="application"
        tabIndex={0}
        aria-label={l10n.t(
          'Values of {0} rows and {1} columns: the arrow keys read them cell by cell.',
          countText(slice.height),
          countText(slice.width),
        )}
        style={{ aspectRatio: `${slice.columns} / ${slice.rows}` }}
        {...handlers}
      >
        <canvas ref={canvas} />
        {cell && (
          <span
            class="heat-cell"
            style={{
              left: `${(cell.column / slice.columns) * 100}%`,
              top: `${(cell.row / slice.rows) * 100}%`,
              width: `${100 / slice.columns}%`,
              height: `${100 / slice.rows}%`,
            }}
          />
        )}
      </div>
      <div class="heat-legend muted">
        <span>{hasNegative ? `${clipped ? '≤ ' : ''}-${end}` : '0'}</span>
        <span
          class="scale"
          style={{ background: gradient(scale, hasNegative ? 0 : 0.5) }}
          aria-hidden="true"
        />
        <span>{`${clipped ? '≥ ' : ''}${end}`}</span>
      </div>
      <p class="readout muted">{cell ? textOf(cell) : '\u00a0'}</p>
    </>
  );
}

/** The elements, of one dimension, that a cell stands for. */
function within(index: number, size: number, cells: number): string {
  const from = Math.floor((index * size) / cells);
  const to = Math.max(from, Math.floor(((index + 1) * size) / cells) - 1);
  return from === to ? countText(from) : l10n.t('{0} to {1}', countText(from), countText(to));
}

function floatsOf(base64: string): Float32Array {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
}
