import { csvText } from '../csv.ts';
import { Menu } from '../menu.tsx';
import { useOutcome } from '../outcome.ts';
import { usePage } from './page.ts';

export interface TableData {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number | boolean | null | undefined)[])[];
}

/** Takes the table as it is shown out of the page. */
export function TableTools({ table }: { table: () => TableData }) {
  const { host, strings, announce } = usePage();
  const { said, run } = useOutcome(announce);
  const copy = (text: () => string) => () =>
    void run(async () => {
      await host.client.call('copy', text());
      return strings.copied;
    });
  const save = (kind: 'csv' | 'json', text: () => string) => () =>
    void run(async () => ((await host.client.call('save', kind, text())) ? strings.saved : ''));
  const csv = (): string => csvText([table().columns, ...table().rows]);
  const json = (): string => jsonText(table());
  return (
    <div class="table-tools">
      <span class="muted said">{said}</span>
      <Menu
        label={strings.copyOrExport}
        items={[
          [strings.copyCsv, copy(csv)],
          [strings.copyJson, copy(json)],
          [strings.exportCsv, save('csv', csv)],
          [strings.exportJson, save('json', json)],
        ]}
      />
    </div>
  );
}

function jsonText({ columns, rows }: TableData): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
