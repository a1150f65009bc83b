import { defineConfig } from 'tsup'

export default defineConfig({
  entry: ['src/index.ts', 'src/adapters/msw.ts', 'src/adapters/vitest.ts', 'src/cli/main.ts'],
  format: ['esm'],
  target: 'node22',
  outDir: 'dist',
  clean: true,
  splitting: true,
  // What is used of it: the whole has some hundred files, and loading them is half the time of an import.
  noExternal: ['zod'],
})
