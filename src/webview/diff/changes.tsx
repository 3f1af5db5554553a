import * as l10n from '@vscode/l10n';

export interface Change {
  readonly name: string;
  readonly a?: string | number | boolean | null;
  readonly b?: string | number | boolean | null;
  readonly note?: string;
  readonly isBad?: boolean;
}

/** A few values before and after. */
export function Changes({ title, changes }: { title: string; changes: readonly Change[] }) {
  if (changes.length === 0) return null;
  const hasNotes = changes.some(({ note }) => note !== undefined);
  const text = (value: Change['a']): string => (value === undefined ? '–' : String(value));
  return (
    <section class="block">
      <h3>{title}</h3>
      <table class="changes">
        <thead class="hidden-text">
          <tr>
            <th scope="col">{l10n.t('Name')}</th>
            <th scope="col">{l10n.t('Before')}</th>
            <th scope="col">{l10n.t('After')}</th>
            {hasNotes && <th scope="col">{l10n.t('Change')}</th>}
          </tr>
        </thead>
        <tbody>
          {changes.map(({ name, a, b, note, isBad }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td class="mono">{text(a)}</td>
              <td class={a === b ? 'mono muted' : 'mono moved'}>{text(b)}</td>
              {hasNotes && <td class={isBad ? 'note bad' : 'note'}>{note}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
