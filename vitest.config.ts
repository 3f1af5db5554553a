import { defineConfig } from 'vitest/config';

// Times are there to end what hangs, on the slowest machine; no test passes or fails by how fast it is.
const expectedSoon = { poll: { timeout: 30_000 } };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          expect: expectedSoon,
        },
      },
      {
        test: {
          name: 'kill',
          include: ['test/kill/**/*.test.ts'],
          testTimeout: 1_200_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'screens',
          include: ['test/screens/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          expect: expectedSoon,
          fileParallelism: false,
        },
      },
    ],
  },
});
