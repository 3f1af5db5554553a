import { formatBytes } from '../core/formatBytes.ts';
import type { Progress } from '../core/operation.ts';
import type { TextOutput } from './host.ts';
import { textWidth, truncate } from './table.ts';

const barWidth = 24;
/** In milliseconds. Work that is done sooner shows nothing. */
const firstAfter = 300;
const redrawAfter = 100;
/** In milliseconds: the rate is that of the time since, so that it settles but still follows a change. */
const rateWindow = 3000;

export interface ProgressBar {
  report(progress: Progress): void;
  /** Leaves the line as if the bar had never been there. */
  clear(): void;
}

/** One line on a terminal that is drawn over itself; nothing anywhere else. */
export function progressBar(output: TextOutput): ProgressBar {
  if (output.isTTY !== true) return { report() {}, clear() {} };
  const started = performance.now();
  let drawn: number | undefined;
  let label: string | undefined;
  let since = { time: started, done: 0 };
  return {
    report(progress) {
      const now = performance.now();
      if (progress.label !== label || progress.done < since.done || now - since.time > 2 * rateWindow) {
        label = progress.label;
        since = { time: now, done: progress.done };
      }
      if (now - started < firstAfter || (drawn !== undefined && now - drawn < redrawAfter)) return;
      drawn = now;
      const rate = ((progress.done - since.done) / (now - since.time)) * 1000;
      output.write(`\r\u001B[K${progressLine(progress, rate, (output.columns ?? 80) - 1)}`);
    },
    clear() {
      if (drawn !== undefined) output.write('\r\u001B[K');
      drawn = undefined;
    },
  };
}

/** @param rate in bytes per second; not shown while it is not known */
export function progressLine({ label, done, total }: Progress, rate: number, columns: number): string {
  const parts = [total > 0 ? `${formatBytes(done)} / ${formatBytes(total)}` : formatBytes(done)];
  if (Number.isFinite(rate) && rate > 0) parts.push(`${formatBytes(rate)}/s`);
  if (total > 0) {
    const part = Math.min(1, done / total);
    const filled = Math.round(part * barWidth);
    parts.unshift(
      `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${String(Math.floor(part * 100)).padStart(3)} %`,
    );
  }
  const figures = parts.join('  ');
  const room = columns - textWidth(figures) - 2;
  return room < 8 ? truncate(figures, columns) : `${truncate(label, room)}  ${figures}`;
}
