import { type Check, ok, problem, skipped } from '../check.ts'

export const blockStorageChecks: readonly Check[] = [
  {
    group: 'block storage',
    title: 'volume types',
    run: async ({ ctx, targets }) => {
      const types = await ctx.services.blockStorage.volumeTypes.list()
      const names = types.map((type) => type.name)
      if (targets.volumeTypes.length === 0)
        return [skipped(`none configured: the cloud's default. There are: ${names.join(', ')}`)]
      return targets.volumeTypes.map((name) =>
        types.some((type) => type.name === name || type.id === name)
          ? ok(`volume type ${name}`)
          : problem(`volume type ${name} does not exist`, 'create_disk fails.', `Use one of: ${names.join(', ')}.`),
      )
    },
  },
]
