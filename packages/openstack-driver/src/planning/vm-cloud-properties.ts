import type { JsonObject } from '@openstack-cpi/cpi-core'
import * as z from 'zod/mini'
import { type AddressPair, addressPairs, flag, hash, read, text, texts, wholeNumber } from './cloud-property-shapes.ts'
import { invalidVmProblems } from './invalid-vm.ts'

export type ServerGroupPolicy = 'affinity' | 'anti-affinity' | 'soft-affinity' | 'soft-anti-affinity'
const serverGroupPolicies = ['affinity', 'anti-affinity', 'soft-affinity', 'soft-anti-affinity'] as const

/** A load balancer pool the VM joins (driver spec §6.6). */
export interface PoolParams {
  readonly name: string
  readonly port: number
  readonly monitoringPort?: number
}

/** What VM type, VM extensions and AZ ask of a VM, merged by the director and checked (driver spec §5.1). */
export interface VmCloudProperties {
  /** Name of a flavor, or its id where no name matches. */
  readonly instanceType: string
  /** Nova zones to choose from; none, one, or a list to try in random order. */
  readonly availabilityZones: readonly string[]
  readonly keyName?: string
  readonly securityGroups: readonly string[]
  readonly schedulerHints: JsonObject
  readonly rootDiskSizeGiB?: number
  /** Cinder type of the boot volume. */
  readonly rootDiskVolumeType?: string
  readonly bootFromVolume?: boolean
  readonly pools: readonly PoolParams[]
  readonly allowedAddressPairs: readonly AddressPair[]
  readonly vrrpPortCheck?: boolean
  readonly serverGroup?: { readonly name?: string; readonly policy: ServerGroupPolicy }
  readonly metadata: JsonObject
  readonly tags: readonly string[]
  readonly configDrive?: boolean
}

const pool = z.object({
  name: z
    .string('is missing: Load balancer pool defined without a name')
    .check(z.minLength(1, 'is empty: Load balancer pool defined without a name')),
  port: wholeNumber(1, 65_535, 'must be a port number: Load balancer pool defined without a port'),
  monitoring_port: z.optional(wholeNumber(1, 65_535, 'must be a port number')),
})
const policy = z.enum(serverGroupPolicies, `must be one of ${serverGroupPolicies.join(', ')}`)

const rootDisk = z.object(
  {
    size: z.optional(wholeNumber(1, Number.MAX_SAFE_INTEGER, 'must be an integer of GiB, at least 1')),
    volume_type: z.optional(text),
    type: z.optional(text),
  },
  'must be a hash',
)

/** Names of the properties of `root_disk`. */
export const rootDiskNames: readonly string[] = Object.keys(rootDisk.shape)

/** The wire form; unknown keys are a warning and no error, for newer CPIs and other clouds may read them. */
export const vmCloudPropertiesSchema = z.object({
  instance_type: z.string('is missing: it names the flavor').check(z.minLength(1, 'must not be empty')),
  availability_zone: z.optional(text),
  availability_zones: z.optional(texts),
  key_name: z.optional(text),
  security_groups: z.optional(texts),
  scheduler_hints: z.optional(hash),
  root_disk: z.optional(rootDisk),
  boot_from_volume: z.optional(flag),
  loadbalancer_pools: z.optional(z.array(pool, 'must be an array of {name, port}')),
  allowed_address_pairs: z.optional(addressPairs),
  vrrp_port_check: z.optional(flag),
  server_group: z.optional(
    z.union([text, z.object({ name: z.optional(text), policy: z.optional(policy) })], {
      error: `must be a name, a policy, or a hash of name and policy (${serverGroupPolicies.join(', ')})`,
    }),
  ),
  metadata: z.optional(hash),
  tags: z.optional(texts),
  config_drive: z.optional(flag),
})
type Wire = z.infer<typeof vmCloudPropertiesSchema>

/**
 * Reads the VM cloud properties. Throws `VmCreationFailed`, not to be retried, naming all that is wrong.
 * `ignoreServerAvailabilityZone` is the configuration property that a list of zones demands (driver spec §5.1).
 */
export function parseVmCloudProperties(
  properties: JsonObject,
  config: { readonly ignoreServerAvailabilityZone: boolean },
): VmCloudProperties {
  const outcome = read(vmCloudPropertiesSchema, properties)
  const problems = 'problems' in outcome ? [...outcome.problems] : []
  problems.push(...zoneProblems(properties, config.ignoreServerAvailabilityZone))
  if ('problems' in outcome || problems.length > 0) {
    throw invalidVmProblems(
      'Invalid VM cloud properties',
      problems.map((problem) => `VM cloud properties: ${problem}`),
    )
  }
  return toVmCloudProperties(outcome.value)
}

function zoneProblems(properties: JsonObject, ignoreServerAvailabilityZone: boolean): string[] {
  const { availability_zone: one = null, availability_zones: list = null } = properties
  if (list === null) return []
  const problems: string[] = []
  if (one !== null) problems.push("only one of 'availability_zone' and 'availability_zones' can be set")
  if (!ignoreServerAvailabilityZone) {
    problems.push(
      "'availability_zones' requires the configuration property 'openstack.ignore_server_availability_zone' to be true",
    )
  }
  return problems
}

function toVmCloudProperties(wire: Wire): VmCloudProperties {
  const { root_disk: rootDisk } = wire
  const volumeType = rootDisk?.volume_type ?? rootDisk?.type
  const one = wire.availability_zone
  return {
    instanceType: wire.instance_type,
    availabilityZones: one === undefined ? [...new Set(wire.availability_zones ?? [])] : [one],
    ...(wire.key_name === undefined ? {} : { keyName: wire.key_name }),
    securityGroups: wire.security_groups ?? [],
    schedulerHints: wire.scheduler_hints ?? {},
    ...(rootDisk?.size === undefined ? {} : { rootDiskSizeGiB: rootDisk.size }),
    ...(volumeType === undefined ? {} : { rootDiskVolumeType: volumeType }),
    ...(wire.boot_from_volume === undefined ? {} : { bootFromVolume: wire.boot_from_volume }),
    pools: (wire.loadbalancer_pools ?? []).map(toPoolParams),
    allowedAddressPairs: wire.allowed_address_pairs ?? [],
    ...(wire.vrrp_port_check === undefined ? {} : { vrrpPortCheck: wire.vrrp_port_check }),
    ...(wire.server_group === undefined ? {} : { serverGroup: toServerGroup(wire.server_group) }),
    metadata: wire.metadata ?? {},
    tags: wire.tags ?? [],
    ...(wire.config_drive === undefined ? {} : { configDrive: wire.config_drive }),
  }
}

function toPoolParams(wire: z.infer<typeof pool>): PoolParams {
  return {
    name: wire.name,
    port: wire.port,
    ...(wire.monitoring_port === undefined ? {} : { monitoringPort: wire.monitoring_port }),
  }
}

/** A bare text is a policy if it spells one, else the group's name. Soft anti-affinity never refuses a VM. */
function toServerGroup(wire: NonNullable<Wire['server_group']>): NonNullable<VmCloudProperties['serverGroup']> {
  const usual = 'soft-anti-affinity'
  if (typeof wire !== 'string') {
    return { ...(wire.name === undefined ? {} : { name: wire.name }), policy: wire.policy ?? usual }
  }
  const named = serverGroupPolicies.find((candidate) => candidate === wire)
  return named === undefined ? { name: wire, policy: usual } : { policy: named }
}
