import { defineConfig } from 'vitest/config'

const conditions = ['workspace-source', 'node', 'import', 'default']

export default defineConfig({
  ssr: { resolve: { conditions } },
  resolve: { conditions },
  test: {
    setupFiles: process.env['FUZZ_FACTOR'] ? ['test/fuzz-setup.ts'] : [],
    // Room for a busy machine; nothing here is about speed.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
    projects: [
      {
        // Files that change nothing global share their modules: loading them again for each file takes most of the time.
        extends: true,
        test: { name: 'services', include: ['src/{services,kernel}/**/*.test.ts'], isolate: false },
      },
      {
        extends: true,
        test: {
          name: 'isolated',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['src/{services,kernel}/**', '**/node_modules/**'],
        },
      },
    ],
  },
})
