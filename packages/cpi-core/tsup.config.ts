import { copyFile } from 'node:fs/promises'
import { defineConfig } from 'tsup'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/node/index.ts',
    'src/testing/index.ts',
    'src/testing/client.ts',
    'src/testing/in-memory-cpi.ts',
  ],
  format: ['esm'],
  target: 'node22',
  outDir: 'dist',
  clean: true,
  splitting: true,
  sourcemap: true,
  // The sections that declarations and messages name, and the tutorial.
  onSuccess: async () => {
    await copyFile('../../docs/spec/cpi-contract.md', 'dist/cpi-contract.md')
    await copyFile('../../docs/write-a-cpi.md', 'dist/write-a-cpi.md')
  },
})
