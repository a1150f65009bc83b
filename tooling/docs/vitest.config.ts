import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['@openstack-cpi/source', 'node', 'import', 'default'] } },
  resolve: { conditions: ['@openstack-cpi/source', 'node', 'import', 'default'] },
  test: {
    include: ['*.test.ts'],
    reporters: ['default', ['json', { outputFile: '.test-results/vitest.json' }]],
  },
})
