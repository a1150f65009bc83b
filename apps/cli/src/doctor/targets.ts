import { readFile } from 'node:fs/promises'
import type { OpenStackConfig } from '@openstack-cpi/openstack-driver'
import { parse } from 'yaml'

/** What the project has to offer: the names that the configuration, the cloud config and the operator mention. */
export interface Targets {
  readonly flavors: readonly string[]
  readonly networks: readonly TargetNetwork[]
  /** Names of the manual networks of the cloud config. */
  readonly manualNetworks: readonly string[]
  readonly securityGroups: readonly string[]
  readonly keyPairs: readonly string[]
  readonly availabilityZones: readonly string[]
  readonly volumeTypes: readonly string[]
  readonly floatingIps: readonly string[]
  /** How many VMs the quotas should still allow. */
  readonly vms: number
}

export interface TargetNetwork {
  /** `net_id` as written. */
  readonly id: string
  /** Where it was mentioned. */
  readonly name: string
}

/** What the command line adds. */
export interface TargetOptions {
  readonly flavor?: readonly string[]
  readonly network?: readonly string[]
  readonly securityGroup?: readonly string[]
  readonly floatingIp?: readonly string[]
  readonly availabilityZone?: readonly string[]
  readonly cloudConfig?: string
  readonly vms: number
}

/** Collects all names, each once. Throws when the cloud config cannot be read. */
export async function readTargets(config: OpenStackConfig, options: TargetOptions): Promise<Targets> {
  const mentioned =
    options.cloudConfig === undefined ? nothing : mentions(parse(await readFile(options.cloudConfig, 'utf8')))
  const unique = (...lists: readonly (readonly string[] | undefined)[]) => [
    ...new Set(lists.flatMap((list) => list ?? [])),
  ]
  return {
    flavors: unique(mentioned.flavors, options.flavor),
    networks: [...mentioned.networks, ...(options.network ?? []).map((id) => ({ id, name: 'command line' }))],
    manualNetworks: mentioned.manualNetworks,
    securityGroups: unique(config.defaultSecurityGroups, mentioned.securityGroups, options.securityGroup),
    keyPairs: unique(config.defaultKeyName === undefined ? [] : [config.defaultKeyName], mentioned.keyPairs),
    availabilityZones: unique(mentioned.availabilityZones, options.availabilityZone),
    volumeTypes: unique(
      config.defaultVolumeType === undefined ? [] : [config.defaultVolumeType],
      config.defaultRootVolumeType === undefined ? [] : [config.defaultRootVolumeType],
      mentioned.volumeTypes,
    ),
    floatingIps: unique(mentioned.floatingIps, options.floatingIp),
    vms: options.vms,
  }
}

type Mentions = Omit<Targets, 'vms'>

const nothing: Mentions = {
  flavors: [],
  networks: [],
  manualNetworks: [],
  securityGroups: [],
  keyPairs: [],
  availabilityZones: [],
  volumeTypes: [],
  floatingIps: [],
}

/**
 * The OpenStack names in a BOSH cloud config: AZs, VM types and extensions, disk types, networks. What is not there or of
 * another form is skipped: checking the cloud config is BOSH's task.
 */
function mentions(cloudConfig: unknown): Mentions {
  const section = (name: string) => records(field(cloudConfig, name))
  const properties = (item: unknown) => field(item, 'cloud_properties')
  const vms = [...section('azs'), ...section('vm_types'), ...section('vm_extensions')].map(properties)
  const networks = section('networks')
  const subnets = networks.flatMap((network) => [
    { of: network, at: network },
    ...records(field(network, 'subnets')).map((subnet) => ({ of: network, at: subnet })),
  ])
  return {
    flavors: vms.flatMap((vm) => texts(field(vm, 'instance_type'))),
    keyPairs: vms.flatMap((vm) => texts(field(vm, 'key_name'))),
    availabilityZones: vms.flatMap((vm) => [
      ...texts(field(vm, 'availability_zone')),
      ...texts(field(vm, 'availability_zones')),
    ]),
    securityGroups: [...vms, ...subnets.map(({ at }) => properties(at))].flatMap((at) =>
      texts(field(at, 'security_groups')),
    ),
    volumeTypes: section('disk_types').flatMap((disk) => texts(field(properties(disk), 'type'))),
    networks: subnets.flatMap(({ of, at }) =>
      texts(field(properties(at), 'net_id')).map((id) => ({ id, name: texts(field(of, 'name')).join() })),
    ),
    manualNetworks: networks
      .filter((network) => field(network, 'type') === 'manual')
      .flatMap((network) => texts(field(network, 'name'))),
    floatingIps: networks
      .filter((network) => field(network, 'type') === 'vip')
      .flatMap((network) => records(field(network, 'subnets')).flatMap((subnet) => texts(field(subnet, 'static')))),
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined // any object has string keys

const records = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const texts = (value: unknown): readonly string[] =>
  typeof value === 'string' ? [value] : records(value).filter((item) => typeof item === 'string')
