import '../base.css';
import './compare.css';
import * as l10n from '@vscode/l10n';
import { render } from 'preact';
import { messageOf } from '../../core/errors.ts';
import { connectHost } from '../bridge.ts';
import { App, type CompareHost } from './app.tsx';
import { compareContract, compareStateSchema, type CompareSnapshot } from './messages.ts';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no root element.');
const page = root;
const host: CompareHost = connectHost(compareContract, compareStateSchema);
let isTranslated = false;
let shown = '';

function show(snapshot: CompareSnapshot): void {
  if (!isTranslated) return;
  // Changes to other versions are told too; they must not make charts anew under the user's hand.
  const received = JSON.stringify(snapshot);
  if (received === shown) return;
  shown = received;
  render(<App host={host} snapshot={snapshot} />, page);
}

async function start(): Promise<void> {
  try {
    const contents = await host.client.call('translations');
    if (contents) l10n.config({ contents });
    isTranslated = true;
    show(await host.client.call('snapshot'));
  } catch (error) {
    // What was told meanwhile is as new as the answer would have been.
    if (shown !== '') return;
    render(<Failure reason={messageOf(error)} />, page);
  }
}

function Failure({ reason }: { reason: string }) {
  return (
    <div class="empty" role="alert">
      <p>{l10n.t('The versions could not be loaded: {0}', reason)}</p>
      <button class="button" onClick={() => void start()}>
        {l10n.t('Try Again')}
      </button>
    </div>
  );
}

host.client.on('changed', show);
void start();
