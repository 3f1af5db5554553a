import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import initSqlJs, { type SqlJsStatic } from 'sql.js';

let loading: Promise<SqlJsStatic> | undefined;

/** SQLite compiled to WebAssembly, loaded once per thread. */
export function loadSql(): Promise<SqlJsStatic> {
  loading ??= (async () => {
    // esbuild replaces `import.meta.dirname` by the bundle's folder, where the wasm lies beside it; run from source it is in the package.
    const beside = path.join(import.meta.dirname, 'sql-wasm.wasm');
    const file = existsSync(beside)
      ? beside
      : path.join(import.meta.dirname, '../../node_modules/sql.js/dist/sql-wasm.wasm');
    const wasm = await readFile(file);
    return initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer });
  })();
  return loading;
}
