import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Host } from '../bridge.ts';
import { fill } from '../l10n.ts';
import { Charts } from './charts.tsx';
import { CopyButtons } from './copyButtons.tsx';
import type {
  compareContract,
  CompareSnapshot,
  CompareState,
  CompareStrings,
  VersionKey,
} from './messages.ts';
import { CompareTable } from './table.tsx';
import { Toolbar } from './toolbar.tsx';
import { columnOf, filtered, metricsOf, viewOf } from './view.ts';

export type CompareHost = Host<typeof compareContract, CompareState>;

export interface AppProps {
  readonly host: CompareHost;
  readonly strings: CompareStrings;
  readonly snapshot: CompareSnapshot;
}

export function App({ host, strings, snapshot }: AppProps) {
  const [kept] = useState(() => host.readState());
  const [baseline, setBaseline] = useState<VersionKey | undefined>(kept?.baseline);
  const [selected, setSelected] = useState<VersionKey | undefined>(kept?.selected);
  const [filter, setFilter] = useState(kept?.filter ?? '');
  // At once: the page may be gone with the next thing that happens.
  useLayoutEffect(() => {
    const keys = [...snapshot.versions.map((version) => version.key), ...snapshot.missing];
    host.keepState({ keys, baseline, selected, filter });
  }, [host, snapshot, baseline, selected, filter]);

  const metrics = useMemo(() => metricsOf(snapshot), [snapshot]);
  const view = useMemo(() => viewOf(snapshot, metrics, baseline), [snapshot, metrics, baseline]);
  const shown = useMemo(() => filtered(view, filter), [view, filter]);

  function reveal(column: number): void {
    const key = view.columns[column]?.key;
    if (!key) return;
    setSelected(key);
    host.client.call('reveal', key).catch(console.error);
  }

  // Oldest first.
  const [older, newer, third] = view.columns;
  function diff(a: VersionKey, b: VersionKey): void {
    host.client.call('diff', a, b).catch(console.error);
  }

  if (view.columns.length === 0) {
    return (
      <>
        <Missing count={snapshot.missing.length} strings={strings} />
        <NoVersions strings={strings} />
      </>
    );
  }
  return (
    <>
      <Toolbar
        view={view}
        strings={strings}
        filter={filter}
        setFilter={setFilter}
        setBaseline={(column) => setBaseline(view.columns[column]?.key)}
        diff={older && newer && !third ? () => diff(older.key, newer.key) : undefined}
      />
      <div class="content">
        <Missing count={snapshot.missing.length} strings={strings} />
        {view.metrics.length === 0 && <NoMetrics strings={strings} />}
        {shown.metrics.length + shown.params.length === 0 && filter !== '' && (
          <p class="muted note">{fill(strings.nothingMatches, filter)}</p>
        )}
        <Charts view={shown} strings={strings} reveal={reveal} />
        {shown.metrics.length + shown.params.length > 0 && (
          <section class="table">
            <CopyButtons view={shown} host={host} strings={strings} />
            <CompareTable
              view={shown}
              selected={columnOf(view.columns, selected)}
              strings={strings}
              setBaseline={(column) => setBaseline(view.columns[column]?.key)}
              reveal={reveal}
            />
          </section>
        )}
      </div>
    </>
  );
}

function NoVersions({ strings }: { strings: CompareStrings }) {
  return (
    <div class="empty">
      <h1>{strings.noVersionsTitle}</h1>
      <p class="muted">{strings.noVersions}</p>
    </div>
  );
}

function NoMetrics({ strings }: { strings: CompareStrings }) {
  return (
    <div class="empty">
      <h2>{strings.noMetricsTitle}</h2>
      <p class="muted">{strings.noMetrics}</p>
    </div>
  );
}

function Missing({ count, strings }: { count: number; strings: CompareStrings }) {
  if (count === 0) return null;
  return <p class="muted note">{count === 1 ? strings.missingOne : fill(strings.missingMany, count)}</p>;
}
