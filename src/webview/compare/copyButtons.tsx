import { useState } from 'preact/hooks';
import type { CompareHost } from './app.tsx';
import { toCsv, toMarkdown } from './export.ts';
import type { CompareStrings } from './messages.ts';
import type { CompareView } from './view.ts';

interface CopyButtonsProps {
  readonly view: CompareView;
  readonly host: CompareHost;
  readonly strings: CompareStrings;
}

/** Put the table as it is shown on the clipboard. */
export function CopyButtons({ view, host, strings }: CopyButtonsProps) {
  const [status, setStatus] = useState('');
  async function copy(text: string): Promise<void> {
    setStatus('');
    try {
      await host.client.call('copy', text);
      setStatus(strings.copied);
    } catch (error) {
      setStatus(String(error));
    }
  }
  return (
    <div class="tools">
      <span class="muted" role="status">
        {status}
      </span>
      <button class="button" onClick={() => void copy(toMarkdown(view, strings))}>
        {strings.copyMarkdown}
      </button>
      <button class="button" onClick={() => void copy(toCsv(view))}>
        {strings.copyCsv}
      </button>
    </div>
  );
}
