import { defineConfig } from 'vitest/config'

const conditions = ['@openstack-cpi/source', 'node', 'import', 'default']

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['suite/**/*.test.ts'],
    globalSetup: ['./table-at-the-end.ts'],

    // One test is a whole scenario: some hundreds of calls, none of which waits in real time.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
