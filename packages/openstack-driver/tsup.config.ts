import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/info.ts', 'src/leftovers.ts', 'src/documentation.ts'],
  format: ['esm'],
  target: 'node22',
  outDir: 'dist',
  clean: true,
  splitting: true,
})
