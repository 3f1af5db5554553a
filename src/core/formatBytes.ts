const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'];

/**
 * The languages of VS Code that write 1,5. `Intl` knows too, but is read from the disk when it is first asked for a number: while a
 * large file was being recorded, the extension host stood still for up to 34 ms over it.
 */
const withComma = new Set('bg cs de es fr hu id it nl pl pt ru tr uk'.split(' '));

/**
 * A size as VS Code writes it: `12.4 MB`, with 1024 to the step.
 * @param language a BCP 47 tag
 */
export function formatBytes(bytes: number, language: string): string {
  let step = 0;
  let size = bytes;
  while (size >= 1024 && step < byteUnits.length - 1) {
    size /= 1024;
    step++;
  }
  const digits = step === 0 || size >= 100 ? 0 : 1;
  const number = size.toFixed(digits).replace(/\.0$/, '');
  const [primary = ''] = language.toLowerCase().split('-');
  return `${withComma.has(primary) ? number.replace('.', ',') : number} ${byteUnits[step]}`;
}
