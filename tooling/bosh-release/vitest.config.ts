import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/compiled-release.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
