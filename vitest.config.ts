import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 20_000,
          // Where one process has had many threads with WebAssembly, one after the other, V8 13.6 aborts now and then while it compiles
          // a faster way from there to JavaScript (`jit_page.has_value()`, nodejs/node#64500). Only tests start so many.
          execArgv: ['--wasm-wrapper-tiering-budget=1000000000'],
        },
      },
      {
        test: {
          name: 'kill',
          include: ['test/kill/**/*.test.ts'],
          testTimeout: 1_200_000,
        },
      },
      {
        test: {
          name: 'screens',
          include: ['test/screens/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
