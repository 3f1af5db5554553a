import '../base.css';
import '../page.css';
import '../grid.css';
import './inspect.css';
import * as l10n from '@vscode/l10n';
import { render } from 'preact';
import { messageOf } from '../../core/errors.ts';
import { connectHost } from '../bridge.ts';
import { App } from './app.tsx';
import { inspectContract, inspectStateSchema } from './messages.ts';

const root = document.querySelector('#root');
if (!root) throw new Error('The page has no root element.');
const page = root;
const host = connectHost(inspectContract, inspectStateSchema);

async function start(): Promise<void> {
  const [contents, started] = await Promise.all([
    host.client.call('translations'),
    host.client.call('start'),
  ]);
  if (contents) l10n.config({ contents });
  render(<App host={host} start={started} />, page);
}

start().catch((error: unknown) => render(<p role="alert">{messageOf(error)}</p>, page));
