import { useRef, useState } from 'preact/hooks';
import { messageOf } from '../../core/errors.ts';
import { csvText } from '../csv.ts';
import { usePage } from './page.ts';

export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null | undefined)[])[];
}

/** Takes the table as it is shown out of the page. */
export function TableTools({ table }: { table: () => TableData }) {
  const { host, strings, announce } = usePage();
  const menu = useRef<HTMLDetailsElement>(null);
  const [said, say] = useState('');

  async function run(work: () => Promise<string>): Promise<void> {
    if (menu.current) menu.current.open = false;
    menu.current?.querySelector('summary')?.focus();
    const text = await work().catch(messageOf);
    say(text);
    announce(text);
  }
  const copy = (text: () => string) => () =>
    void run(async () => {
      await host.client.call('copy', text());
      return strings.copied;
    });
  const save = (kind: 'csv' | 'json', text: () => string) => () =>
    void run(async () => ((await host.client.call('save', kind, text())) ? strings.saved : ''));
  const csv = (): string => csvText([table().columns, ...table().rows]);
  const json = (): string => jsonText(table());
  const items: readonly (readonly [string, () => void])[] = [
    [strings.copyCsv, copy(csv)],
    [strings.copyJson, copy(json)],
    [strings.exportCsv, save('csv', csv)],
    [strings.exportJson, save('json', json)],
  ];
  return (
    <div class="table-tools">
      <span class="muted said">{said}</span>
      <details
        class="menu"
        ref={menu}
        onFocusOut={(event) => {
          const into = event.relatedTarget;
          if (!(into instanceof Node && event.currentTarget.contains(into))) event.currentTarget.open = false;
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !event.currentTarget.open) return;
          event.currentTarget.open = false;
          event.currentTarget.querySelector('summary')?.focus();
        }}
      >
        <summary class="button">{strings.copyOrExport}</summary>
        <div class="menu-items">
          {items.map(([label, act]) => (
            <button key={label} onClick={act}>
              {label}
            </button>
          ))}
        </div>
      </details>
    </div>
  );
}

function jsonText({ columns, rows }: TableData): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
