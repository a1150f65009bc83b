import { isBuiltin } from 'node:module'
import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

/**
 * Takes Node's own modules from `process.getBuiltinModule` instead of an ESM import. An import touches every export of
 * a module, and with them what Node loads only when used: importing `node:http` so starts undici, which takes longer
 * than Node's own start.
 */
export const nodeBuiltins: BuildPlugin = {
  name: 'node-builtins',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind }) => {
      if (!isBuiltin(path)) return undefined
      const name = path.replace(/^node:/, '')
      // A dynamic import must stay one: esbuild would give it a default export only.
      if (kind === 'dynamic-import') return { path: `node:${name}`, external: true }
      return { path: name, namespace: 'node-builtin' }
    })
    build.onLoad({ filter: /./, namespace: 'node-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)})`,
      loader: 'js',
    }))
  },
}
