/**
 * The languages of VS Code that write 1,5, each with what it has between thousands. `Intl` knows too, but is read from the disk when
 * it is first asked for a number: while a large file was being recorded, the extension host stood still for up to 34 ms over it.
 */
const withComma = new Map<string, string>();
for (const language of 'de es id it nl pt tr'.split(' ')) withComma.set(language, '.');
for (const language of 'bg cs hu pl ru uk'.split(' ')) withComma.set(language, '\u00a0');
withComma.set('fr', '\u202f');

/**
 * A number as English writes it, as another language does: `1,234.5` is `1.234,5` in German. All that the editor and its pages show
 * goes through here: if some of it did not, 1.234 could be either.
 * @param language a BCP 47 tag
 */
export function localNumber(text: string, language: string): string {
  const [primary = ''] = language.toLowerCase().split('-');
  const group = withComma.get(primary);
  if (group === undefined) return text;
  return text.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : group));
}

/** With commas between thousands: `-12,345.25`. */
export function grouped(decimal: string): string {
  const [whole = '', ...fraction] = decimal.split('.');
  return [whole.replace(/\B(?=(\d{3})+$)/g, ','), ...fraction].join('.');
}
