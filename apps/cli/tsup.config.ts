import { defineConfig, type Options } from 'tsup'
import { commandsApart } from './commands-apart-plugin.ts'
import { httpClientTrimmed } from './http-client-plugin.ts'
import { nodeBuiltins } from './node-builtins-plugin.ts'
import { asScripts } from './scripts-plugin.ts'

/** Self-contained: every dependency is bundled; what only some calls or commands need is split off and loaded by them. */
const common: Options = {
  format: ['esm'],
  target: 'node22',
  clean: true,
  metafile: true,
  splitting: true,
  noExternal: [/.*/],
  removeNodeProtocol: false, // it would resolve them before the plugin does
  esbuildOptions: (options) => {
    options.minifyWhitespace = true // a third of the HTTP client is comments
    options.minifySyntax = true
    options.supported = { 'regexp-set-notation': true } // it would make `new RegExp` of each, compiled whenever it is met
    options.conditions = ['workspace-source', 'node', 'import']
  },
}

/**
 * Calls and commands share no files: each file costs a call most of a millisecond, and what both need would be split
 * into many small ones. What answers calls are scripts, as V8's compiled code can be kept of those only
 * (`src/script-loader.ts`).
 */
export default defineConfig([
  { ...common, entry: ['src/main.ts'], outDir: 'dist/start', esbuildPlugins: [nodeBuiltins, commandsApart] },
  {
    ...common,
    entry: ['src/answer-calls.ts'],
    outDir: 'dist/rpc',
    outExtension: () => ({ js: '.cjs' }),
    esbuildPlugins: [httpClientTrimmed, nodeBuiltins, asScripts],
  },
  { ...common, entry: ['src/program.ts'], outDir: 'dist/commands', esbuildPlugins: [httpClientTrimmed, nodeBuiltins] },
])
