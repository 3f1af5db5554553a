import * as l10n from '@vscode/l10n';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { Reading } from '../reading.tsx';
import { useCall, valueOf } from '../useCall.ts';
import { Failure, Pointer } from './failure.tsx';
import { Header } from './header.tsx';
import { type DiffHost, loadDiff } from './load.ts';
import type { DiffState, Sides } from './messages.ts';
import { PageContext } from './page.ts';
import { Sections } from './sections.tsx';
import { Verdict } from './verdict.tsx';

interface AppProps {
  readonly host: DiffHost;
  readonly start: Sides;
}

export function App({ host, start }: AppProps) {
  const [state, setState] = useState<DiffState>(() => host.readState() ?? {});
  const [sides, setSides] = useState(start);
  const [attempt, setAttempt] = useState(0);
  const [announced, announce] = useState('');
  // At once: the page may be gone with the next thing that happens.
  useLayoutEffect(() => {
    host.keepState({ ...state, pair: { a: sides.a.key, b: sides.b.key } });
  }, [host, state, sides]);
  useEffect(() => host.client.on('sides', setSides), [host]);

  const pair = JSON.stringify([sides.a.key, sides.b.key]);
  const call = useCall((operation) => loadDiff(host, operation), `${sides.stamp} ${attempt}`, pair);
  const { current } = call;
  const diff = valueOf(current);
  const page = useMemo(() => {
    const copy = (text: string): void => {
      host.client.call('copy', text).then(() => announce(l10n.t('Copied')), console.error);
    };
    return { host, sides, announce, copy };
  }, [host, sides]);
  const there = current.state === 'failed' ? undefined : diff;
  const pointer = (['a', 'b'] as const).find((side) => there?.[side].format === 'lfsPointer');
  const shown = pointer && !there?.identical ? undefined : there;
  const retry = (): void => setAttempt(attempt + 1);
  return (
    <PageContext.Provider value={page}>
      <Header diff={shown} />
      {current.state === 'running' && (
        <Reading progress={current.progress} quiet={diff !== undefined} cancel={call.cancel} />
      )}
      {current.state === 'failed' && <Failure failure={current} retry={retry} />}
      {pointer && !shown && <Pointer name={sides[pointer].name} retry={retry} />}
      {shown && <Verdict diff={shown} />}
      {shown && (
        <Sections
          diff={shown}
          state={state}
          update={(change) => setState((state) => ({ ...state, ...change }))}
        />
      )}
      <div class="hidden-text" aria-live="polite">
        {announced}
      </div>
    </PageContext.Provider>
  );
}
