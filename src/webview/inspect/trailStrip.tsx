import * as l10n from '@vscode/l10n';
import { useEffect, useRef, useState } from 'preact/hooks';
import { bytesText, countText } from '../format.ts';
import { marksOf } from '../marks.ts';
import { keyMove } from '../rowKeys.ts';
import type { Shown, StripVersion, Trail } from './messages.ts';

interface TrailStripProps {
  readonly trail: Trail;
  readonly shown: Shown;
  show(shown: Shown): void;
  /** Of another version with the one that is shown. */
  diff(other: Shown): void;
}

/** The file and its versions, newest first. A click shows one, with the Shift key it is compared with what is shown. */
export function TrailStrip({ trail, shown, show, diff }: TrailStripProps) {
  const list = useRef<HTMLDivElement>(null);
  const stops: readonly Shown[] = [null, ...trail.versions.map((version) => version.id)];
  // Not its place, which is that of another one when a version is recorded.
  const [focused, setFocused] = useState(shown);
  const stop = Math.max(0, stops.indexOf(focused));
  const { working } = trail;
  const isEmpty = trail.versions.length === 0 && working.state === 'untracked';
  const canDiffWithWorking = shown !== null && shown !== working.version && working.state !== 'missing';
  useEffect(() => {
    const strip = list.current;
    if (!strip) return undefined;
    // Called at once, and whenever there is another width.
    const observer = new ResizeObserver(() => {
      const selected = strip.querySelector('[aria-selected=true]');
      if (selected) scrollTo(selected, strip);
    });
    observer.observe(strip);
    return () => observer.disconnect();
  }, [shown, isEmpty]);
  if (isEmpty) return null;

  function choose(at: Shown, isDiff: boolean): void {
    setFocused(at);
    if (!isDiff) show(at);
    else if (at !== shown) diff(at);
  }
  function onKeyDown(event: KeyboardEvent): void {
    const at = keyMove(event.key, stop, stops.length);
    if (at !== undefined) {
      setFocused(stops[at] ?? null);
      (list.current?.children[at] as HTMLElement | undefined)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') choose(stops[stop] ?? null, event.shiftKey);
    else return;
    event.preventDefault();
  }
  const option = (at: Shown, index: number) => ({
    role: 'option' as const,
    class: 'version-chip',
    'aria-selected': at === shown,
    tabIndex: index === stop ? 0 : -1,
    onClick: (event: MouseEvent) => choose(at, event.shiftKey),
  });
  const more = trail.total - trail.versions.length;
  return (
    <nav class="trail" aria-label={l10n.t('Versions')}>
      <div
        class="strip"
        ref={list}
        role="listbox"
        aria-label={l10n.t(
          'Click or press Enter to show a version, with Shift to see what is different in it',
        )}
        aria-orientation="horizontal"
        onKeyDown={onKeyDown}
      >
        <div
          key="working"
          {...option(null, 0)}
          title={`${l10n.t('Working copy')}: ${working.text}\n${l10n.t('Click or press Enter to show a version, with Shift to see what is different in it')}`}
        >
          <span class="name">{l10n.t('Working copy')}</span>
          <span class="muted">
            <span class="hidden-text">, </span>
            {working.text}
          </span>
        </div>
        {trail.versions.map((version, index) => (
          <VersionChip
            key={version.id}
            version={version}
            isCurrent={version.id === working.version}
            option={option(version.id, index + 1)}
          />
        ))}
      </div>
      {canDiffWithWorking && (
        <button class="button" onClick={() => diff(null)}>
          {l10n.t('Diff with Working Copy')}
        </button>
      )}
      {more > 0 && <span class="muted more">{l10n.t('and {0} older versions', countText(more))}</span>}
    </nav>
  );
}

/** Of what is scrolled to, for the outline of the focus, in CSS pixels. */
const edge = 4;

/** Sideways only: the page stays where it is. */
function scrollTo(chip: Element, strip: Element): void {
  const [{ left, right }, frame] = [chip.getBoundingClientRect(), strip.getBoundingClientRect()];
  strip.scrollLeft += Math.min(left - frame.left - edge, Math.max(0, right - frame.right + edge));
}

interface VersionChipProps {
  readonly version: StripVersion;
  /** Whether the file on the disk is the same. */
  readonly isCurrent: boolean;
  readonly option: object;
}

function VersionChip({ version, isCurrent, option }: VersionChipProps) {
  const { name, age, size } = version;
  const message = version.message.split('\n')[0] || age;
  const tooltip = [
    name,
    version.message,
    `${age} · ${bytesText(size)}`,
    l10n.t('Click or press Enter to show a version, with Shift to see what is different in it'),
  ];
  return (
    <div {...option} title={tooltip.filter((line) => line !== '').join('\n')}>
      <span class="name">
        {name}
        {isCurrent && (
          <>
            <span class="current" aria-hidden="true">
              {' ●'}
            </span>
            <span class="hidden-text">, {l10n.t('the same as the working copy')}</span>
          </>
        )}
        {marksOf(version).map((mark) => (
          <span key={mark}>
            <span class="hidden-text">, </span>
            <span class="mark">{mark}</span>
          </span>
        ))}
      </span>
      <span class="muted">
        <span class="hidden-text">, </span>
        {message}
      </span>
    </div>
  );
}
