import { defineConfig } from 'vitest/config';

/** Tests that start processes or sockets of their own run one file at a time: the machine is small and ports are shared. */
const heavy = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{engine,palette,renderer,electron,scripts}/**/*.test.{ts,tsx}'],
          testTimeout: 30_000,
        },
      },
      { test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'simulation', include: ['test/simulation/**/*.test.ts'], ...heavy, testTimeout: 600_000 } },
      {
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts', 'test/conformance/*.test.ts'],
          ...heavy,
        },
      },
      {
        test: {
          name: 'conformance-java',
          include: ['test/conformance/java/*.test.ts'],
          ...heavy,
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'conformance-brokers',
          include: ['test/conformance/brokers/*.test.ts'],
          ...heavy,
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
      {
        test: {
          name: 'conformance-security',
          include: ['test/conformance/security/*.test.ts'],
          ...heavy,
          testTimeout: 600_000,
        },
      },
      { test: { name: 'cases', include: ['test/cases/**/*.test.ts'], ...heavy } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], ...heavy } },
    ],
  },
});
