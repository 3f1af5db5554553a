import { countText } from '../format.ts';
import { fill } from '../l10n.ts';
import type { CompareStrings } from './messages.ts';
import { type CompareView, fullName, marksOf } from './view.ts';

interface ToolbarProps {
  readonly view: CompareView;
  readonly strings: CompareStrings;
  readonly filter: string;
  setFilter(filter: string): void;
  setBaseline(column: number): void;
  /** Of the two that there are; absent where there are more, or less. */
  readonly diff?: () => void;
}

export function Toolbar({ view, strings, filter, setFilter, setBaseline, diff }: ToolbarProps) {
  const count = view.columns.length;
  return (
    <header class="toolbar">
      <div class="title">
        <h1>{count === 1 ? strings.titleOne : fill(strings.titleMany, countText(count))}</h1>
        {view.models.length === 1 && <span class="muted">{view.models[0]?.path}</span>}
      </div>
      <label class="control">
        <span class="muted">{strings.baseline}</span>
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
        placeholder={strings.filter}
        aria-label={strings.filter}
        value={filter}
        onInput={(event) => setFilter(event.currentTarget.value)}
      />
      {diff && (
        <button class="button" onClick={diff}>
          {strings.diff}
        </button>
      )}
    </header>
  );
}
