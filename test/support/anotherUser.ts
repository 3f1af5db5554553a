import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { TestContext } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const nobody = 65_534;

/**
 * Runs a module as a user who owns nothing and to whom permissions apply; `src/` can be imported as `source/`. Skips the test, visibly, where
 * one cannot become somebody else.
 * @returns what it printed
 */
export function runAsNobody(test: TestContext, module: string): string {
  if (process.platform === 'win32' || process.getuid?.() !== 0)
    return test.skip('it takes root to become somebody else');
  const code = module.replaceAll("'source/", `'${root}/src/`);
  const options = { uid: nobody, gid: nobody, cwd: root, encoding: 'utf8', stdio: 'pipe' } as const;
  try {
    execFileSync(
      process.execPath,
      ['--input-type=module', '-e', `import '${root}/src/core/errors.ts'`],
      options,
    );
  } catch {
    return test.skip('others may not come to this folder');
  }
  return execFileSync(process.execPath, ['--input-type=module', '-e', code], options).trim();
}
