import { type Check, ok, problem, skipped } from '../check.ts'
import { checkQuota } from './quota.ts'

/** Enough for the persistent disk of a small director. */
const gibPerVm = 10

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
  {
    group: 'block storage',
    title: 'quota',
    run: async ({ ctx, targets }) => {
      const limits = await ctx.services.blockStorage.limits.show()
      return [
        { name: 'volumes', limit: limits.maxTotalVolumes, used: limits.totalVolumesUsed, wanted: targets.vms },
        {
          name: 'GiB',
          limit: limits.maxTotalVolumeGigabytes,
          used: limits.totalGigabytesUsed,
          wanted: gibPerVm * targets.vms,
        },
        { name: 'snapshots', limit: limits.maxTotalSnapshots, used: limits.totalSnapshotsUsed, wanted: 1 },
      ].map(checkQuota)
    },
  },
]
