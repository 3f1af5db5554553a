import * as l10n from '@vscode/l10n';
import { useState } from 'preact/hooks';
import type { CompareHost } from './app.tsx';
import { toCsv, toMarkdown } from './export.ts';
import type { CompareView } from './view.ts';

interface CopyButtonsProps {
  readonly view: CompareView;
  readonly host: CompareHost;
}

/** Put the table as it is shown on the clipboard. */
export function CopyButtons({ view, host }: CopyButtonsProps) {
  const [status, setStatus] = useState('');
  async function copy(text: string): Promise<void> {
    setStatus('');
    try {
      await host.client.call('copy', text);
      setStatus(l10n.t('Copied'));
    } catch (error) {
      setStatus(String(error));
    }
  }
  return (
    <div class="tools">
      <span class="muted" role="status">
        {status}
      </span>
      <button class="button" onClick={() => void copy(toMarkdown(view))}>
        {l10n.t('Copy as Markdown')}
      </button>
      <button class="button" onClick={() => void copy(toCsv(view))}>
        {l10n.t('Copy as CSV')}
      </button>
    </div>
  );
}
