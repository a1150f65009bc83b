import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['storm.test.ts'],
    globalSetup: ['../e2e/cloud-under-test.ts'],
    testTimeout: 1_800_000, // a real cloud under 32 calls at once, with its services away in between
    hookTimeout: 600_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
