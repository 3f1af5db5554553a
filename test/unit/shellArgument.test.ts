import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { shellArgument } from '../../src/core/shellArgument.ts';

const names = [
  'net.pt',
  'models/best one.pt',
  '$(touch pwned).pt',
  'a`id`.pt',
  `it's "new".pt`,
  'back\\slash!.pt',
];

it.runIf(process.platform !== 'win32').each(names)('is read by a shell as it was meant: %s', (name) => {
  const read = execFileSync('sh', ['-c', `printf %s ${shellArgument(name)}`], { encoding: 'utf8' });
  expect(read).toBe(name);
});

it('is in the quotes that every shell knows where they are enough', () => {
  expect(shellArgument('net.pt')).toBe('net.pt');
  expect(shellArgument('best one.pt')).toBe('"best one.pt"');
});
