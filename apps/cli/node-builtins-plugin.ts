import { createHash } from 'node:crypto'
import { createRequire, isBuiltin } from 'node:module'
import { relative } from 'node:path'
import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

const require = createRequire(import.meta.url)

/**
 * Takes Node's own modules from `process.getBuiltinModule` instead of an ESM import. An import touches every export of
 * a module, and with them what Node loads only when used: importing `node:http` so starts undici, which takes longer
 * than Node's own start. Each name that is used is taken from the module by itself; the bundler drops the others.
 */
export const nodeBuiltins: BuildPlugin = {
  name: 'node-builtins',
  setup(build) {
    build.onResolve({ filter: /./ }, ({ path, kind, importer }) => {
      if (!isBuiltin(path)) return undefined
      const name = path.replace(/^node:/, '')
      // A dynamic import must stay one: esbuild would give it a default export only.
      if (kind === 'dynamic-import') return { path: `node:${name}`, external: true }
      // One for each file that imports it: shared ones would be split off into a file of their own.
      return {
        path: name,
        namespace: kind === 'require-call' ? 'node-builtin-required' : 'node-builtin',
        suffix: `?${createHash('sha256').update(relative('.', importer)).digest('hex').slice(0, 8)}`,
      }
    })
    build.onLoad({ filter: /./, namespace: 'node-builtin-required' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(`node:${path}`)})`,
      loader: 'js',
    }))
    build.onLoad({ filter: /./, namespace: 'node-builtin' }, ({ path }) => ({
      contents: asEsModule(`node:${path}`),
      loader: 'js',
    }))
  },
}

function asEsModule(name: string): string {
  const names = Object.keys(require(name)).filter((key) => key !== 'default' && /^[a-z_]\w*$/i.test(key))
  return [
    `const builtin = process.getBuiltinModule(${JSON.stringify(name)})`,
    'const take = (name) => builtin[name]',
    'export default builtin',
    ...names.map((key) => `const _${key} = /* @__PURE__ */ take('${key}'); export { _${key} as ${key} }`),
  ].join('\n')
}
