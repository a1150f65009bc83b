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
  removeNodeProtocol: false, // it would resolve them before the plugin does
  esbuildPlugins: [nodeBuiltins],
  esbuildOptions: (options) => {
    options.conditions = ['@openstack-cpi/source', 'node', 'import']
  },
})
