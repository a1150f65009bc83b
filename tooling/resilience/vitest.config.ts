import { defineConfig } from 'vitest/config'

const conditions = ['workspace-source', 'node', 'import', 'default']

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    include: ['suite/**/*.test.ts', 'src/**/*.test.ts'],
    globalSetup: ['./suite/matrix-run.ts'],

    // One test is a whole scenario: hundreds of calls. The storm lasts longer, on a real cloud above all.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
