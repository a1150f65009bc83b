import { createHash } from 'node:crypto'
import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

/**
 * Turns the files of a bundle into CommonJS scripts, each a function of `exports`, `require` and `module`. The bundler
 * itself splits modules only; dynamic imports between the files become calls of `require`, and run when they ran
 * before. Each begins with a comment of 16 digits that change with its content, by which `src/script-loader.ts` knows
 * what was compiled of it.
 */
export const asScripts: BuildPlugin = {
  name: 'as-scripts',
  setup(build) {
    build.onEnd(async ({ outputFiles = [] }) => {
      for (const file of outputFiles.filter(({ path }) => path.endsWith('.cjs'))) {
        const { code } = await build.esbuild.transform(file.text, {
          format: 'cjs',
          platform: 'node',
          target: 'node22',
          minifyWhitespace: true,
          supported: { 'dynamic-import': false, 'regexp-set-notation': true },
        })
        if (/[^\n -~]/.test(code))
          throw new Error(`${file.path} has characters beyond ASCII, which are read as Latin-1`)
        const digest = createHash('sha256').update(code).digest('hex').slice(0, 16)
        file.contents = Buffer.from(`//${digest}\n(function(exports,require,module){${code}})`)
      }
    })
  },
}
