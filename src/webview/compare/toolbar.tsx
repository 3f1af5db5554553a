import * as l10n from '@vscode/l10n';
import { countText } from '../format.ts';
import { marksOf } from '../marks.ts';
import { type CompareView, fullName } from './view.ts';

/** As many as the page goes on being quick with. */
const mostCompared = 1000;

interface ToolbarProps {
  readonly view: CompareView;
  readonly filter: string;
  setFilter(filter: string): void;
  setBaseline(column: number): void;
  compareNewest(count: number): void;
  /** Of the two that there are; absent where there are more, or less. */
  readonly diff?: () => void;
}

export function Toolbar({ view, filter, setFilter, setBaseline, compareNewest, diff }: ToolbarProps) {
  const count = view.columns.length;
  const { total = count } = view;
  const most = Math.min(total, mostCompared);
  return (
    <header class="toolbar">
      <div class="title">
        <h1>{titleOf(count, total)}</h1>
        {view.models.length === 1 && <span class="muted">{view.models[0]?.path}</span>}
      </div>
      {count < most && (
        <button class="button" onClick={() => compareNewest(most)}>
          {most === total
            ? l10n.t('Compare All {0}', countText(total))
            : l10n.t('Compare the Newest {0}', countText(most))}
        </button>
      )}
      <label class="control">
        <span class="muted">{l10n.t('Baseline')}</span>
        <select
          class="field"
          value={view.baseline}
          onChange={(event) => setBaseline(Number(event.currentTarget.value))}
        >
          {view.columns.map((column, index) => (
            <option key={index} value={index}>
              {[fullName(view, column), ...marksOf(column)].join(' · ')}
            </option>
          ))}
        </select>
      </label>
      <input
        class="field"
        type="search"
        placeholder={l10n.t('Filter by name')}
        aria-label={l10n.t('Filter by name')}
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      {diff && (
        <button class="button" onClick={diff}>
          {l10n.t('What Changed Inside')}
        </button>
      )}
    </header>
  );
}

function titleOf(count: number, total: number): string {
  if (count < total) return l10n.t('{0} of {1} versions compared', countText(count), countText(total));
  return count === 1 ? l10n.t('1 version') : l10n.t('{0} versions compared', countText(count));
}
