import {
  type DriverContext,
  type FlavorFacts,
  flavorNamed,
  hasFittingEphemeralDisk,
  neededEphemeralGiB,
  OpenStackError,
  toFlavorFacts,
} from '@openstack-cpi/openstack-driver'
import { type Check, type Finding, ok, problem, skipped, warning } from '../check.ts'

/** The agent splits a root disk into system, swap and data when there is no ephemeral disk (driver spec §8.2). */
const roomyRootGiB = 10
/** Keys the director and the CPI write on every server. */
const metadataNeeded = 16

/** All flavors that the project may use. */
export async function listFlavors({ services }: DriverContext): Promise<readonly FlavorFacts[]> {
  const all: FlavorFacts[] = []
  for await (const flavor of services.compute.flavors.list()) all.push(toFlavorFacts(flavor))
  return all
}

function checkFlavor(name: string, flavors: readonly FlavorFacts[], bootFromVolume: boolean): Finding {
  const flavor = flavorNamed(flavors, name)
  if (!flavor) {
    const known = flavors.map((candidate) => candidate.name).sort()
    const why = 'create_vm fails for VM types that name it.'
    return problem(`flavor ${name} does not exist`, why, `Choose one of: ${known.slice(0, 20).join(', ')}.`)
  }
  const { diskGiB, ephemeralGiB } = flavor
  const size = `${flavor.vcpus} vCPU, ${flavor.ramMiB} MiB, root ${diskGiB} GiB, ephemeral ${ephemeralGiB} GiB`
  if (flavor.isDisabled) return problem(`flavor ${name} is disabled`, 'Nova refuses it.', 'Choose another flavor.')
  if (diskGiB === 0 && !bootFromVolume) {
    const why = 'Nova refuses a flavor without a root disk unless the VM boots from a volume.'
    return warning(`flavor ${name}: ${size}`, why, 'Use it with boot_from_volume and root_disk.size.')
  }
  if (!hasFittingEphemeralDisk(flavor)) {
    const why = `The ephemeral disk holds swap and data: at least ${neededEphemeralGiB(flavor)} GiB are demanded.`
    return problem(`flavor ${name}: ${size}`, why, 'Choose a flavor with a larger ephemeral disk, or with none.')
  }
  if (ephemeralGiB === 0 && diskGiB > 0 && diskGiB < roomyRootGiB && !bootFromVolume) {
    const why = 'System, swap and data share the root disk.'
    return warning(`flavor ${name}: ${size}`, why, `Root disks should have ${roomyRootGiB} GiB or more.`)
  }
  return ok(`flavor ${name}: ${size}`)
}

export const computeChecks: readonly Check[] = [
  {
    group: 'compute',
    title: 'flavors',
    run: async ({ ctx, targets }) => {
      const flavors = await listFlavors(ctx)
      if (flavors.length === 0) return [problem('no flavors', 'No VM can be made.', 'Ask for access to flavors.')]
      if (targets.flavors.length === 0)
        return [ok(`${flavors.length} flavors; name some with --flavor or --cloud-config`)]
      return targets.flavors.map((name) => checkFlavor(name, flavors, ctx.config.bootFromVolume))
    },
  },
  {
    group: 'compute',
    title: 'key pairs',
    run: async ({ ctx, targets }) => {
      const names = (await ctx.services.compute.keypairs.list()).map((keypair) => keypair.name)
      if (targets.keyPairs.length === 0) return [skipped('none is configured: VMs get no SSH key from OpenStack')]
      return targets.keyPairs.map((name) =>
        names.includes(name)
          ? ok(`key pair ${name}`)
          : problem(
              `key pair ${name} does not exist for this user`,
              'create_vm fails. Key pairs belong to the user, not to the project.',
              names.length === 0
                ? 'Create it as this user.'
                : `Create it as this user, or use one of: ${names.join(', ')}.`,
            ),
      )
    },
  },
  {
    group: 'compute',
    title: 'availability zones',
    run: async ({ ctx, targets }) => {
      const [compute, volume] = await Promise.all([
        ctx.services.compute.availabilityZones.list(),
        ctx.services.blockStorage.availabilityZones.list(),
      ])
      const names = compute.filter((zone) => zone.zoneState.available).map((zone) => zone.zoneName)
      const findings: Finding[] = targets.availabilityZones
        .map((zone) => zone.split(':')[0] ?? zone) // zone:host
        .filter((zone) => !names.includes(zone))
        .map((zone) =>
          problem(`zone ${zone} does not exist in Nova`, 'create_vm fails.', `Use one of: ${names.join(', ')}.`),
        )
      const volumeNames = volume.filter((zone) => zone.zoneState.available).map((zone) => zone.zoneName)
      const used = targets.availabilityZones.length > 0 ? targets.availabilityZones : names
      const unmatched = used.filter((zone) => names.includes(zone) && !volumeNames.includes(zone))
      if (unmatched.length > 0 && !ctx.config.ignoreServerAvailabilityZone) {
        const found = `zones ${unmatched.join(', ')} exist in Nova and not in Cinder (${volumeNames.join(', ')})`
        const why = 'Persistent disks are made in the zone of their VM.'
        findings.push(problem(found, why, 'Set ignore_server_availability_zone: true.'))
      }
      return findings.length > 0 ? findings : [ok(`Nova: ${names.join(', ')}; Cinder: ${volumeNames.join(', ')}`)]
    },
  },
  {
    group: 'compute',
    title: 'metadata',
    run: async ({ ctx }) => {
      const { maxServerMeta } = await ctx.services.compute.limits.show()
      if (maxServerMeta < 0 || maxServerMeta >= metadataNeeded) return [ok(`${maxServerMeta} items per server`)]
      const why = `BOSH and the CPI write up to ${metadataNeeded} items, and operators' tags.`
      return [problem(`${maxServerMeta} metadata items per server`, why, 'Ask for a higher quota of metadata items.')]
    },
  },
  {
    group: 'compute',
    title: 'microversions',
    run: async ({ ctx }) => {
      const supported = await ctx.services.compute.supports('2.67')
      if (supported) return [ok('Nova understands 2.67: root disks can have a volume type')]
      const why = 'Root disks with a volume type are made by the CPI itself, which takes longer.'
      return [warning('Nova does not understand 2.67', why, 'Nothing need be done.')]
    },
  },
]

/** As many as a busy director makes in a few seconds (driver spec §11). */
const quickRequests = 100

const isRateLimit = (reason: unknown): boolean =>
  reason instanceof OpenStackError && (reason.kind === 'rate-limited' || reason.status === 503)

/** Uses the context without retries: the ordinary one waits until the rate limit is over, unseen by the check. */
export const rateLimitCheck: Check = {
  group: 'compute',
  title: 'rate limit',
  run: async ({ withoutRetries }) => {
    const requests = Array.from({ length: quickRequests }, () => withoutRetries.services.compute.limits.show())
    const failures = (await Promise.allSettled(requests)).flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason] : [],
    )
    for (const reason of failures) if (!isRateLimit(reason)) throw reason
    if (failures.length === 0) return [ok(`${quickRequests} quick requests were all answered`)]
    const found = `${failures.length} of ${quickRequests} quick requests were refused as too many`
    const why = 'A director makes this many in seconds. The CPI waits and repeats, and deployments take longer.'
    return [warning(found, why, 'Ask for a higher rate limit of the API, or deploy with fewer workers.')]
  },
}
