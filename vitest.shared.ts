import { fileURLToPath } from 'node:url'
import { defineConfig, type TestUserConfig } from 'vitest/config'

/** Sources instead of built packages. */
const conditions = ['workspace-source', 'node', 'import', 'default']

/** Of suites with property tests: `npm run fuzz` lengthens them. */
export const fuzzSetup: readonly string[] = process.env['FUZZ_FACTOR'] ? ['test/fuzz-setup.ts'] : []

/** The configuration of a workspace's tests, with what is special there. */
export const suite = (test: TestUserConfig = {}) =>
  defineConfig({
    ssr: { resolve: { conditions } },
    resolve: { conditions },
    test: {
      include: ['**/*.test.ts'],
      // Test files change nothing global: loading modules again for each file would take most of the time.
      isolate: false,
      // By default one core is left idle, half of a small machine.
      maxWorkers: '100%',
      // Processes that tests start compile nothing twice, as under the release's wrapper: most of the time of a short one.
      env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compiled-code', import.meta.url)) },
      // Room for a busy machine; nothing here is about speed.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
      ...test,
    },
  })
