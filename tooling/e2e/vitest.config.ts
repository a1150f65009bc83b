import { defineConfig } from 'vitest/config'

const conditions = ['workspace-source', 'node', 'import', 'default']

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['suite/**/*.test.ts'],
    globalSetup: ['./cloud-under-test.ts'],
    // One tenant: files would see each other's resources.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
