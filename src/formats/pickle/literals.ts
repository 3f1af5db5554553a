import { Malformed } from '../byteCursor.ts';
import { smallest } from './arguments.ts';

/** As many digits as Python converts. */
const maxDigits = 4300;

/** An integer as protocol 0 writes it; `00` and `01` are the Booleans. @throws Malformed */
export function parseInteger(line: string): number | bigint | boolean {
  if (line === '00' || line === '01') return line === '01';
  if (/^-?\d{1,15}$/.test(line)) return Number(line);
  const digits = /^\s*([+-]?\d+)L?\s*$/.exec(line)?.[1];
  if (digits === undefined || digits.length > maxDigits) throw new Malformed();
  return smallest(BigInt(digits.replace('+', '')));
}

/** @throws Malformed */
export function parseFloatingPoint(line: string): number {
  const text = line.trim().toLowerCase();
  if (/^[+-]?nan$/.test(text)) return Number.NaN;
  const infinite = /^([+-]?)inf(?:inity)?$/.exec(text);
  if (infinite) return infinite[1] === '-' ? -Infinity : Infinity;
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/.test(text)) throw new Malformed();
  return Number(text);
}

/** A quoted string of Python 2. @throws Malformed */
export function parseQuoted(line: string): string {
  const text = line.trim();
  const quote = text[0];
  if (text.length < 2 || (quote !== "'" && quote !== '"') || text.at(-1) !== quote) throw new Malformed();
  return text
    .slice(1, -1)
    .replace(
      /\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
      (_, hex?: string, octal?: string, other = '') => {
        if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
        if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
        return escapes[other] ?? `\\${other}`;
      },
    );
}

const escapes: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
});

/** Text in which only what Latin-1 lacks is escaped. */
export function parseRawUnicode(line: string): string {
  return line.replace(/\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g, (whole, short?: string, long?: string) => {
    const code = Number.parseInt(short ?? long ?? '', 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
