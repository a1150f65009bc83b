import { type FlavorFacts, flavorNamed } from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, problem, skipped, warning } from '../check.ts'
import { listFlavors } from './compute.ts'

/** The use of one quota, and how much more is wanted. -1 as limit means unlimited. */
interface QuotaUse {
  readonly name: string
  readonly limit: number
  readonly used: number
  readonly wanted: number
}

/** Below this share left, a deployment that grows will soon hit the quota. */
const tightShare = 0.1

/** GiB: enough for the persistent disk of a small director. */
const gibPerVm = 10

export const computeQuotaCheck: Check = {
  group: 'compute',
  title: 'quota',
  run: async ({ ctx, targets }) => {
    const [limits, flavors] = await Promise.all([ctx.services.compute.limits.show(), listFlavors(ctx)])
    const wanted = targets.flavors.flatMap((name) => flavorNamed(flavors, name) ?? [])
    const largest = (of: (flavor: FlavorFacts) => number) => Math.max(1, ...wanted.map(of)) * targets.vms
    return [
      { name: 'instances', limit: limits.maxTotalInstances, used: limits.totalInstancesUsed, wanted: targets.vms },
      { name: 'cores', limit: limits.maxTotalCores, used: limits.totalCoresUsed, wanted: largest((f) => f.vcpus) },
      {
        name: 'MiB of RAM',
        limit: limits.maxTotalRAMSize,
        used: limits.totalRAMUsed,
        wanted: largest((f) => f.ramMiB),
      },
    ].map(checkQuota)
  },
}

export const networkQuotaCheck: Check = {
  group: 'network',
  title: 'quota',
  run: async ({ ctx, targets }) => {
    const { projectId } = await ctx.services.identity.whoAmI()
    if (projectId === undefined) return [skipped('the token is bound to no project')]
    const { port } = await ctx.services.network.quotas.details(projectId)
    if (port === undefined) return [skipped('Neutron tells no quota of ports')]
    return [checkQuota({ name: 'ports', limit: port.limit, used: port.used + port.reserved, wanted: targets.vms })]
  },
}

export const blockStorageQuotaCheck: Check = {
  group: 'block storage',
  title: 'quota',
  run: async ({ ctx, targets: { vms } }) => {
    const limits = await ctx.services.blockStorage.limits.show()
    const { maxTotalVolumeGigabytes, totalGigabytesUsed } = limits
    return [
      { name: 'volumes', limit: limits.maxTotalVolumes, used: limits.totalVolumesUsed, wanted: vms },
      { name: 'GiB', limit: maxTotalVolumeGigabytes, used: totalGigabytesUsed, wanted: gibPerVm * vms },
      { name: 'snapshots', limit: limits.maxTotalSnapshots, used: limits.totalSnapshotsUsed, wanted: 1 },
    ].map(checkQuota)
  },
}

function checkQuota({ name, limit, used, wanted }: QuotaUse): Finding {
  if (limit < 0) return ok(`${name}: unlimited`)
  const left = limit - used
  const found = `${name}: ${used} of ${limit} used, ${left} left`
  if (left < wanted) {
    const why = `${wanted} more ${wanted === 1 ? 'is' : 'are'} wanted; creating them will fail with a quota error.`
    return problem(found, why, `Ask for a quota of at least ${used + wanted} ${name}.`)
  }
  if (left < limit * tightShare) {
    return warning(found, 'Little is left to grow or to recreate VMs.', `Ask for more ${name}.`)
  }
  return ok(found)
}
