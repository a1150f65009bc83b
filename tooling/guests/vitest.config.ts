import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['suite/**/*.test.ts'],
    globalSetup: ['./root-disks.config.ts'],
    // One guest at a time: it runs without KVM.
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 900_000,
    reporters: ['default'],
  },
})
