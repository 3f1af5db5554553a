import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { afterEach, type TestContext } from 'vitest';
import { systemCode } from '../../src/core/errors.ts';

// Disks of their own, until the test ends. To be imported after what removes the folder that they are in: what is registered last is
// done first.

const mounted: string[] = [];
const images: string[] = [];
afterEach(() => {
  for (const folder of mounted.splice(0)) execFileSync('umount', [folder]);
  for (const image of images.splice(0)) rmSync(image, { force: true });
});

/** In MiB: XFS makes none that is much smaller, and on a smaller btrfs there is no room for what the tests write. */
const sizes = { btrfs: 256, xfs: 320 } as const;

/** One of 4 MiB. Skips the test, visibly, where that takes rights that we do not have. */
export function mountTiny(test: TestContext, folder: string): void {
  mount(test, folder, ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs']);
}

/** One whose files can share their bytes. Skips the test, visibly, where there is no such file system. */
export function mountCloning(test: TestContext, kind: keyof typeof sizes, folder: string): void {
  mountImage(test, folder, sizes[kind], `mkfs.${kind}`, ['-q']);
}

/** One that counts time in whole seconds. Skips the test, visibly, where there is no such file system. */
export function mountCoarse(test: TestContext, folder: string): void {
  mountImage(test, folder, 16, 'mkfs.ext3', ['-q', '-I', '128']);
}

/**
 * Has a disk of `mountCoarse` fail to read from some bytes on: what is known of its files stays. Nothing can be written to it any more.
 * @param bytes what one of its files begins with, some thousands
 */
export function breakFrom(bytes: Uint8Array, folder: string): void {
  const image = `${folder}.image`;
  execFileSync('umount', [folder]);
  const at = readFileSync(image).indexOf(bytes);
  execFileSync('mount', ['-o', 'loop,ro', image, folder]);
  truncateSync(image, at);
}

/** A folder on one, where upper and lower case are the same. Skips the test, visibly, where there is no such file system. */
export function mountCaseless(test: TestContext, folder: string): string {
  mountImage(test, folder, 32, 'mkfs.ext4', ['-q', '-O', 'casefold']);
  const inside = path.join(folder, 'caseless');
  mkdirSync(inside);
  execFileSync('chattr', ['+F', inside]);
  return inside;
}

function mountImage(
  test: TestContext,
  folder: string,
  megabytes: number,
  make: string,
  args: readonly string[],
): void {
  const image = `${folder}.image`;
  images.push(image);
  try {
    execFileSync('truncate', ['-s', `${megabytes}M`, image]);
    execFileSync(make, [...args, image], { stdio: 'pipe' });
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error;
    return test.skip(`this machine has no ${make}`);
  }
  mount(test, folder, ['-o', 'loop', image]);
}

function mount(test: TestContext, folder: string, args: readonly string[]): void {
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return test.skip('mounting needs root on Linux');
  mkdirSync(folder);
  try {
    execFileSync('mount', [...args, folder], { stdio: 'pipe' });
  } catch {
    return test.skip('this machine lets nobody mount such a disk');
  }
  mounted.push(folder);
}
