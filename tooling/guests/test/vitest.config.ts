import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['*.test.ts'],
    // Room for a busy machine; nothing here is about speed.
    testTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '../.test-results/vitest.json' }]],
  },
})
