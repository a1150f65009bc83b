import { defineConfig } from 'tsup'
import { nodeBuiltins } from './node-builtins-plugin.ts'

/** One self-contained program: every dependency is bundled, commands are split off and loaded when chosen. */
export default defineConfig({
  entry: ['src/main.ts'],
  format: ['esm'],
  target: 'node22',
  outDir: 'dist',
  clean: true,
  metafile: true,
  splitting: true,
  noExternal: [/.*/],
  esbuildPlugins: [nodeBuiltins],
  // What bundled CommonJS packages still require are Node's own modules.
  banner: { js: 'const require = process.getBuiltinModule;' },
  esbuildOptions: (options) => {
    options.conditions = ['@openstack-cpi/source', 'node', 'import']
  },
})
