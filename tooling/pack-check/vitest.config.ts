import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['workspace-source', 'node', 'import', 'default'] },
  test: {
    include: ['*.test.ts'],
    testTimeout: 120_000, // npm installs
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
