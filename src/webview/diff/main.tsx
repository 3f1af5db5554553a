import '../base.css';
import '../page.css';
import '../grid.css';
import './diff.css';
import * as l10n from '@vscode/l10n';
import { render } from 'preact';
import { messageOf } from '../../core/errors.ts';
import { connectHost } from '../bridge.ts';
import { App } from './app.tsx';
import { diffContract, diffStateSchema } from './messages.ts';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no root element.');
const page = root;
const host = connectHost(diffContract, diffStateSchema);

async function start(): Promise<void> {
  try {
    const contents = await host.client.call('translations');
    if (contents) l10n.config({ contents });
    const sides = await host.client.call('sides');
    render(<App host={host} start={sides} />, page);
  } catch (error) {
    render(
      <div class="empty" role="alert">
        <p>{messageOf(error)}</p>
        <button class="button" onClick={() => void start()}>
          {l10n.t('Try Again')}
        </button>
      </div>,
      page,
    );
  }
}

void start();
