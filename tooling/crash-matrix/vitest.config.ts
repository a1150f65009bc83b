import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['@openstack-cpi/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@openstack-cpi/source', 'node', 'import', 'default'] },
  test: {
    include: ['src/**/*.test.ts'],
    // Most of a cell's time is spent in the processes it starts, some of it waiting.
    maxConcurrency: 4,
    testTimeout: 600_000,
    hookTimeout: 120_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
