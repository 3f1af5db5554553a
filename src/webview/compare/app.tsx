import * as l10n from '@vscode/l10n';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';
import type { Host } from '../bridge.ts';
import { Charts } from './charts.tsx';
import { CopyButtons } from './copyButtons.tsx';
import type { compareContract, CompareSnapshot, CompareState, VersionKey } from './messages.ts';
import { CompareTable } from './table.tsx';
import { Toolbar } from './toolbar.tsx';
import { columnOf, filtered, metricsOf, viewOf } from './view.ts';

export type CompareHost = Host<typeof compareContract, CompareState>;

export interface AppProps {
  readonly host: CompareHost;
  readonly snapshot: CompareSnapshot;
}

export function App({ host, snapshot }: AppProps) {
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

  function compareNewest(count: number): void {
    if (older) host.client.call('compareNewest', older.key, count).catch(console.error);
  }

  if (!older) {
    return (
      <>
        <Missing count={snapshot.missing.length} />
        <NoVersions />
      </>
    );
  }
  return (
    <>
      <Toolbar
        view={view}
        filter={filter}
        setFilter={setFilter}
        setBaseline={(column) => setBaseline(view.columns[column]?.key)}
        compareNewest={compareNewest}
        diff={newer && !third ? () => diff(older.key, newer.key) : undefined}
      />
      <div class="content">
        <Missing count={snapshot.missing.length} />
        {view.metrics.length === 0 && <NoMetrics />}
        {shown.metrics.length + shown.params.length === 0 && filter !== '' && (
          <p class="muted note">{l10n.t('No metric or param has “{0}” in its name.', filter)}</p>
        )}
        <Charts view={shown} reveal={reveal} />
        {shown.metrics.length + shown.params.length > 0 && (
          <section class="table">
            <CopyButtons view={shown} host={host} />
            <CompareTable
              view={shown}
              selected={columnOf(view.columns, selected)}
              setBaseline={(column) => setBaseline(view.columns[column]?.key)}
              reveal={reveal}
            />
          </section>
        )}
      </div>
    </>
  );
}

function NoVersions() {
  return (
    <div class="empty">
      <h1>{l10n.t('No versions to compare yet')}</h1>
      <p class="muted">
        {l10n.t(
          'Check versions in the Models view. Their metrics and params appear here side by side, as they are checked.',
        )}
      </p>
    </div>
  );
}

function NoMetrics() {
  return (
    <div class="empty">
      <h2>{l10n.t('These versions have no metrics')}</h2>
      <p class="muted">
        {l10n.t(
          'Put a metrics.json or metrics.yaml beside the model before you record it, or run “Modeltrail: Add Metrics” on a version.',
        )}
      </p>
    </div>
  );
}

function Missing({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <p class="muted note">
      {count === 1
        ? l10n.t('1 checked version is no longer known and is not shown.')
        : l10n.t('{0} checked versions are no longer known and are not shown.', count)}
    </p>
  );
}
