import { localNumber } from './localNumber.ts';

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'];

/**
 * A size as VS Code and `ls -h` count it: `12.4 MB`, with 1024 to the step.
 * @param language a BCP 47 tag
 */
export function formatBytes(bytes: number, language = 'en'): string {
  let step = 0;
  let size = bytes;
  // What is rounded up to 1024 is one of the next unit.
  while (Number(roundedText(size, step)) >= 1024 && step < byteUnits.length - 1) {
    size /= 1024;
    step++;
  }
  return `${localNumber(roundedText(size, step), language)} ${byteUnits[step]}`;
}

function roundedText(size: number, step: number): string {
  const digits = step === 0 || size >= 100 ? 0 : 1;
  return size.toFixed(digits).replace(/\.0$/, '');
}
