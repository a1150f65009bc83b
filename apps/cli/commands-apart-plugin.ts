import type { Options } from 'tsup'

type BuildPlugin = NonNullable<Options['esbuildPlugins']>[number]

/** Leaves the commands for people out of the bundle that answers calls: they are a bundle of their own. */
export const commandsApart: BuildPlugin = {
  name: 'commands-apart',
  setup(build) {
    build.onResolve({ filter: /^\.\/program\.ts$/ }, () => ({ path: '../commands/program.js', external: true }))
  },
}
