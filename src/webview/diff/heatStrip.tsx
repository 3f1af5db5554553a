import * as l10n from '@vscode/l10n';
import { useMemo, useState } from 'preact/hooks';
import type { ModuleDiff } from '../../diff/tensorsDiff.ts';
import { countText, numberText } from '../format.ts';
import { keyMove } from '../rowKeys.ts';
import { usePage } from './page.ts';
import { magnitude, magnitudeColor } from './scale.ts';

interface HeatStripProps {
  /** In the order of the file. */
  readonly modules: readonly ModuleDiff[];
  /** Shows the tensors of one. */
  choose(module: string): void;
}

/** More bars than this tell nothing. */
const mostBars = 200;

interface Bar {
  /** Of those that share the bar, the one that changed most. */
  readonly module: ModuleDiff;
  readonly modules: number;
}

/** Where training moved the weights: a bar for each layer, as high as its relative change on a scale of powers of ten. */
export function HeatStrip({ modules, choose }: HeatStripProps) {
  const { announce } = usePage();
  const bars = useMemo(() => barsOf(modules), [modules]);
  const [at, setAt] = useState<number | undefined>();
  const shown = at === undefined ? undefined : bars[at];
  if (bars.length < 2) return null;

  function go(to: number): void {
    setAt(to);
    const bar = bars[to];
    if (bar) announce(textOf(bar));
  }
  function onKeyDown(event: KeyboardEvent): void {
    const to = keyMove(event.key, at, bars.length);
    if (to !== undefined) go(to);
    else if ((event.key === 'Enter' || event.key === ' ') && shown) choose(shown.module.module);
    else return;
    event.preventDefault();
  }
  return (
    <section class="heat" aria-label={l10n.t('Change by layer')}>
      <div
        class={bars.length > 100 ? 'strip dense' : 'strip'}
        role="application"
        tabIndex={0}
        aria-label={l10n.t(
          'Relative change of {0} layers in the order of the file: the arrow keys go from layer to layer, Enter shows its tensors.',
          countText(modules.length),
        )}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(undefined)}
        onPointerLeave={() => setAt(undefined)}
      >
        {bars.map((bar, index) => (
          <div
            key={index}
            class={index === at ? 'bar-slot at' : 'bar-slot'}
            onPointerEnter={() => setAt(index)}
            onClick={() => choose(bar.module.module)}
          >
            <BarShape module={bar.module} />
          </div>
        ))}
      </div>
      <p class="readout muted">{shown ? textOf(shown) : <Legend modules={modules} />}</p>
    </section>
  );
}

function BarShape({ module }: { module: ModuleDiff }) {
  const kind = kindOf(module);
  if (kind !== 'changed') return <span class={`bar-shape ${kind}`} />;
  const size = magnitude(module.relativeL2 ?? 0);
  return (
    <span
      class="bar-shape"
      style={{ height: `${Math.round(size * 100)}%`, background: magnitudeColor(size) }}
    />
  );
}

function Legend({ modules }: { modules: readonly ModuleDiff[] }) {
  const kinds = new Set(modules.map(kindOf));
  const words = {
    frozen: l10n.t('unchanged'),
    added: l10n.t('added'),
    removed: l10n.t('removed'),
    unknown: l10n.t('not compared'),
  };
  const others = (['frozen', 'added', 'removed', 'unknown'] as const).filter((kind) => kinds.has(kind));
  return (
    <span class="legend">
      <span>{l10n.t('Relative change by layer, in the order of the file')}</span>
      <span class="scale" aria-hidden="true">
        10⁻⁶
        <span class="ramp" />1
      </span>
      {others.map((kind) => (
        <span key={kind}>
          <span class={`key ${kind}`} aria-hidden="true" /> {words[kind]}
        </span>
      ))}
    </span>
  );
}

function kindOf(module: ModuleDiff): 'frozen' | 'added' | 'removed' | 'unknown' | 'changed' {
  if (module.added === module.tensors) return 'added';
  if (module.removed === module.tensors) return 'removed';
  if (module.relativeL2 !== undefined && module.relativeL2 > 0) return 'changed';
  return module.changed + module.unknown + module.added + module.removed > 0 ? 'unknown' : 'frozen';
}

function textOf({ module, modules }: Bar): string {
  const { tensors, changed, added, removed, unknown, relativeL2 } = module;
  const parts = [
    module.module === '' ? l10n.t('top level') : module.module,
    relativeL2 === undefined ? '' : l10n.t('relative L2 {0}', numberText(relativeL2, 3)),
    changed > 0 ? l10n.t('{0} of {1} tensors changed', countText(changed), countText(tensors)) : '',
    added > 0 ? l10n.t('{0} added', countText(added)) : '',
    removed > 0 ? l10n.t('{0} removed', countText(removed)) : '',
    unknown > 0 ? l10n.t('{0} not compared', countText(unknown)) : '',
    modules > 1 ? l10n.t('the most changed of {0} layers', countText(modules)) : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

function barsOf(modules: readonly ModuleDiff[]): Bar[] {
  const count = Math.min(modules.length, mostBars);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * modules.length) / count);
    const to = Math.floor(((index + 1) * modules.length) / count);
    const shared = modules.slice(from, to);
    const module = shared.reduce((most, next) => (weight(next) > weight(most) ? next : most));
    return { module, modules: shared.length };
  });
}

/** How much a layer should be seen among others. */
function weight(module: ModuleDiff): number {
  return kindOf(module) === 'changed' ? (module.relativeL2 ?? 0) : kindOf(module) === 'frozen' ? -1 : 2;
}
