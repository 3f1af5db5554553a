import '../base.css';
import './compare.css';
import { render } from 'preact';
import { connectHost } from '../bridge.ts';
import { fill } from '../l10n.ts';
import { App, type CompareHost } from './app.tsx';
import {
  compareContract,
  compareStateSchema,
  type CompareSnapshot,
  type CompareStrings,
} from './messages.ts';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no root element.');
const page = root;
const host: CompareHost = connectHost(compareContract, compareStateSchema);
let strings: CompareStrings | undefined;
let shown = '';

function show(snapshot: CompareSnapshot): void {
  if (!strings) return;
  // Changes to other versions are told too; they must not make charts anew under the user's hand.
  const received = JSON.stringify(snapshot);
  if (received === shown) return;
  shown = received;
  render(<App host={host} strings={strings} snapshot={snapshot} />, page);
}

async function start(): Promise<void> {
  strings ??= await host.client.call('strings');
  try {
    show(await host.client.call('snapshot'));
  } catch (error) {
    // What was told meanwhile is as new as the answer would have been.
    if (shown !== '') return;
    render(
      <Failure strings={strings} reason={error instanceof Error ? error.message : String(error)} />,
      page,
    );
  }
}

function Failure({ strings, reason }: { strings: CompareStrings; reason: string }) {
  return (
    <div class="empty" role="alert">
      <p>{fill(strings.failed, reason)}</p>
      <button class="button" onClick={() => void start()}>
        {strings.retry}
      </button>
    </div>
  );
}

host.client.on('changed', show);
void start();
