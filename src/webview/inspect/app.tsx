import * as l10n from '@vscode/l10n';
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks';
import { valueOf, useCall } from '../useCall.ts';
import { Reading } from '../reading.tsx';
import { Failure } from './failure.tsx';
import { Findings } from './findings.tsx';
import { Header } from './header.tsx';
import { type InspectHost, loadModel } from './load.ts';
import type { InspectState, Shown, Start, Trail } from './messages.ts';
import { PageContext } from './page.ts';
import { Sections } from './sections.tsx';
import { TrailStrip } from './trailStrip.tsx';

interface AppProps {
  readonly host: InspectHost;
  readonly start: Start;
}

export function App({ host, start }: AppProps) {
  const [state, setState] = useState<InspectState>(() => {
    const kept = host.readState() ?? {};
    return start.shown === undefined ? kept : { ...kept, shown: start.shown };
  });
  const [trail, setTrail] = useState<Trail>();
  const [fileChange, setFileChange] = useState(0);
  const [attempt, setAttempt] = useState(0);
  const [announced, announce] = useState('');
  const shown = state.shown ?? null;

  function update(change: Partial<InspectState>): void {
    setState((state) => ({ ...state, ...change }));
  }
  // At once: the page may be gone with the next thing that happens.
  useLayoutEffect(() => host.keepState(state), [host, state]);
  useEffect(() => {
    host.client.on('show', (shown) => update({ shown }));
    host.client.on('trail', setTrail);
    host.client.on('fileChanged', setFileChange);
    host.client.call('trail').then(setTrail, console.error);
  }, [host]);

  const content = `${shown ?? fileChange}`;
  const call = useCall(
    (operation) => loadModel(host, shown, operation),
    `${content} ${attempt}`,
    String(shown),
  );
  const { current } = call;
  const model = valueOf(current);
  const page = useMemo(() => {
    const copy = (text: string): void => {
      host.client.call('copy', text).then(() => announce(l10n.t('Copied')), console.error);
    };
    return { host, shown, content, announce, copy };
  }, [host, shown, content]);

  function show(shown: Shown): void {
    update({ shown });
  }
  function diff(other: Shown): void {
    host.client.call('diff', other, shown).catch(console.error);
  }

  return (
    <PageContext.Provider value={page}>
      <Header start={start} model={model} trail={trail} shown={shown} />
      {trail && <TrailStrip trail={trail} shown={shown} show={show} diff={diff} />}
      {model && current.state !== 'failed' && <Findings record={model.record} />}
      {current.state === 'running' && (
        <Reading progress={current.progress} quiet={model !== undefined} cancel={call.cancel} />
      )}
      {current.state === 'failed' && (
        <Failure
          failure={current}
          isMissing={shown === null && trail?.working.state === 'missing'}
          retry={() => setAttempt(attempt + 1)}
        />
      )}
      {model && current.state !== 'failed' && (
        <Sections model={model} trail={trail} state={state} update={update} />
      )}
      <div class="hidden-text" aria-live="polite">
        {announced}
      </div>
    </PageContext.Provider>
  );
}
