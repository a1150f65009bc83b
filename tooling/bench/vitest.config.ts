import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] },
  test: {
    // Room for a busy machine; nothing here is about speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
