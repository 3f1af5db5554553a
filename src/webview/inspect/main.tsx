import '../base.css';
import '../page.css';
import '../grid.css';
import './inspect.css';
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
  const [strings, started] = await Promise.all([host.client.call('strings'), host.client.call('start')]);
  render(<App host={host} strings={strings} start={started} />, page);
}

start().catch((error: unknown) => render(<p role="alert">{messageOf(error)}</p>, page));
