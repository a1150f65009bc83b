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
    build.onResolve({ filter: /./ }, ({ path }) =>
      isBuiltin(path) ? { path: path.replace(/^node:/, ''), namespace: 'node-builtin' } : undefined,
    )
    build.onLoad({ filter: /./, namespace: 'node-builtin' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)})`,
      loader: 'js',
    }))
  },
}
