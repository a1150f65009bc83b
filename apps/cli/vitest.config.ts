import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] },
  test: {
    setupFiles: process.env['FUZZ_FACTOR'] ? ['test/fuzz-setup.ts'] : [],
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    testTimeout: 120_000, // most tests start processes
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
