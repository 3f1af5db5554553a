import { localNumber } from './localNumber.ts';

const byteUnits = ['B', 'KB', 'MB', 'GB', 'TB'];

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
  return `${localNumber(number, language)} ${byteUnits[step]}`;
}
