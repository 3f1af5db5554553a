import * as l10n from '@vscode/l10n';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { countText } from '../format.ts';
import { layOut, nodeHeight, type PlacedNode } from './graphLayout.ts';
import { after, before, drawnNodes, type Wiring } from './graphView.ts';
import { usePage } from './page.ts';

interface GraphDrawingProps {
  readonly wiring: Wiring;
  readonly chosen: number | undefined;
  choose(index: number): void;
}

const zooms = [0.4, 0.6, 0.8, 1, 1.3, 1.7] as const;
const plain = 3;

/** The graph as boxes and lines, whole or around the chosen node. The arrow keys go along the lines. */
export function GraphDrawing({ wiring, chosen, choose }: GraphDrawingProps) {
  const { announce } = usePage();
  const scroller = useRef<HTMLDivElement>(null);
  const [zoom, setZoom] = useState<number>(plain);
  // What is drawn stays as it is while one goes about in it.
  const [center, setCenter] = useState(chosen ?? 0);
  const indices = useMemo(() => drawnNodes(wiring, center), [wiring, center]);
  const drawing = useMemo(() => layOut(wiring, indices), [wiring, indices]);
  const factor = zooms[zoom] ?? 1;
  const isPart = indices.length < wiring.rows.length;
  useEffect(() => {
    if (chosen !== undefined && !indices.includes(chosen)) setCenter(chosen);
  }, [chosen, indices]);
  useEffect(() => {
    scroller.current
      ?.querySelector('.drawn-node.chosen')
      ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [chosen, drawing, zoom]);

  function go(index: number): void {
    choose(index);
    const node = wiring.rows[index]?.node;
    if (node) announce(`${node.op} ${node.name}`);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const at = drawing.nodes.find((node) => node.index === chosen);
    const to = at ? nextNode(event.key, at) : arrows.has(event.key) ? drawing.nodes[0]?.index : undefined;
    if (event.key === '+') setZoom(Math.min(zoom + 1, zooms.length - 1));
    else if (event.key === '-') setZoom(Math.max(zoom - 1, 0));
    else if (event.key === 'Enter' && chosen !== undefined && isPart) setCenter(chosen);
    else if (to !== undefined) go(to);
    else if (!arrows.has(event.key)) return;
    event.preventDefault();
  }
  function nextNode(key: string, at: PlacedNode): number | undefined {
    if (key === 'ArrowDown') return after(wiring, at.index)[0];
    if (key === 'ArrowUp') return before(wiring, at.index)[0];
    if (key !== 'ArrowLeft' && key !== 'ArrowRight') return undefined;
    const side = key === 'ArrowLeft' ? -1 : 1;
    return drawing.nodes
      .filter((node) => node.y === at.y && (node.x - at.x) * side > 0)
      .sort((a, b) => (a.x - b.x) * side)[0]?.index;
  }

  return (
    <div class="drawing">
      <div class="drawing-tools">
        <span class="muted" role="status">
          {isPart &&
            l10n.t(
              '{0} of {1} nodes around the chosen one',
              countText(indices.length),
              countText(wiring.rows.length),
            )}
        </span>
        <button
          class="icon-button"
          aria-label={l10n.t('Zoom Out')}
          title={l10n.t('Zoom Out')}
          onClick={() => setZoom(Math.max(zoom - 1, 0))}
        >
          −
        </button>
        <button
          class="icon-button"
          aria-label={l10n.t('Zoom In')}
          title={l10n.t('Zoom In')}
          onClick={() => setZoom(Math.min(zoom + 1, zooms.length - 1))}
        >
          +
        </button>
      </div>
      <div
        class="drawing-area"
        ref={scroller}
        role="application"
        aria-label={l10n.t(
          'Drawing of {0} nodes: the arrow keys go along the lines, Enter draws what is around a node.',
          countText(indices.length),
        )}
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <svg
          width={drawing.width * factor}
          height={drawing.height * factor}
          viewBox={`0 0 ${drawing.width} ${drawing.height}`}
          aria-hidden="true"
        >
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 8 4 0 8z" />
            </marker>
          </defs>
          {drawing.edges.map((path, index) => (
            <path key={index} class="drawn-edge" d={path} marker-end="url(#arrow)" />
          ))}
          {drawing.nodes.map((node) => (
            <g
              key={node.index}
              class={node.index === chosen ? 'drawn-node chosen' : 'drawn-node'}
              transform={`translate(${node.x - node.width / 2} ${node.y - nodeHeight / 2})`}
              onClick={() => choose(node.index)}
              onDblClick={() => isPart && setCenter(node.index)}
            >
              <rect width={node.width} height={nodeHeight} rx="5" />
              <text class="op" x={node.width / 2} y={node.name === '' ? 21 : 15}>
                {node.op}
              </text>
              <text class="name" x={node.width / 2} y="27">
                {node.name}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </div>
  );
}

const arrows = new Set(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']);
