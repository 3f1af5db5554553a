import * as l10n from '@vscode/l10n';
import { countText } from '../format.ts';
import { type CompareView, fullName, marksOf } from './view.ts';

interface ToolbarProps {
  readonly view: CompareView;
  readonly filter: string;
  setFilter(filter: string): void;
  setBaseline(column: number): void;
  /** Of the two that there are; absent where there are more, or less. */
  readonly diff?: () => void;
}

export function Toolbar({ view, filter, setFilter, setBaseline, diff }: ToolbarProps) {
  const count = view.columns.length;
  return (
    <header class="toolbar">
      <div class="title">
        <h1>{count === 1 ? l10n.t('1 version') : l10n.t('{0} versions compared', countText(count))}</h1>
        {view.models.length === 1 && <span class="muted">{view.models[0]?.path}</span>}
      </div>
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
