import * as l10n from '@vscode/l10n';
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
  const { host, announce } = usePage();
  const { said, run } = useOutcome(announce);
  const copy = (text: () => string) => () =>
    void run(async () => {
      await host.client.call('copy', text());
      return l10n.t('Copied');
    });
  const save = (kind: 'csv' | 'json', text: () => string) => () =>
    void run(async () => ((await host.client.call('save', kind, text())) ? l10n.t('Saved') : ''));
  const csv = (): string => csvText([table().columns, ...table().rows]);
  const json = (): string => jsonText(table());
  return (
    <div class="table-tools">
      <span class="muted said">{said}</span>
      <Menu
        label={l10n.t('Copy or Export')}
        items={[
          [l10n.t('Copy as CSV'), copy(csv)],
          [l10n.t('Copy as JSON'), copy(json)],
          [l10n.t('Export as CSV…'), save('csv', csv)],
          [l10n.t('Export as JSON…'), save('json', json)],
        ]}
      />
    </div>
  );
}

function jsonText({ columns, rows }: TableData): string {
  const objects = rows.map((row) => Object.fromEntries(columns.map((column, at) => [column, row[at]])));
  return `${JSON.stringify(objects, null, 2)}\n`;
}
