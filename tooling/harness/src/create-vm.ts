import { type CloudDescription, nameIn } from './cloud-description.ts'

/** A manual network of the description, with an address of the caller's choice, which decides about the subnet. */
export function manualNetwork(
  cloud: CloudDescription,
  name: string,
  ip: string,
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const network = cloud.networks[name]
  const isV6 = ip.includes(':')
  const subnet = Object.values(network?.subnets ?? {}).find(({ cidr }) => cidr.includes(':') === isV6)
  if (!network || !subnet) throw new Error(`the cloud has no network ${name} for ${ip}`)
  return {
    type: 'manual',
    ip,
    netmask: isV6 ? 'ffff:ffff:ffff:ffff::' : '255.255.252.0',
    gateway: subnet.gateway,
    dns: ['192.0.2.53'],
    default: ['dns', 'gateway'],
    cloud_properties: { net_id: network.id },
    ...more,
  }
}

/** What a `create_vm` is asked for. */
export interface VmParams {
  readonly agent?: string
  /** Of the cloud's image when left out. */
  readonly stemcell?: unknown
  readonly properties?: Parameters<typeof vmType>[1]
  /** An address on network `bosh-net`, or all networks. */
  readonly networks: string | object
  readonly disks?: readonly string[] | null
  readonly env?: object | null
}

/** The result of `create_vm`: the VM and its networks, by their names in the manifest. */
export type CreatedVm = readonly [vm: string, networks: Readonly<Record<string, Record<string, unknown>>>]

/** Cloud properties of a VM type; the flavor, by the suites' name for it, is the smallest when left out. */
export const vmType = (
  cloud: CloudDescription,
  properties: { readonly instance_type?: string; readonly [name: string]: unknown } = {},
) => ({ ...properties, instance_type: nameIn(cloud, properties.instance_type ?? 'm1.tiny') })

/** The arguments of a `create_vm`. */
export const createVmArguments = (
  cloud: CloudDescription,
  { agent = 'agent', stemcell = cloud.image.id, properties, networks, disks = [], env = {} }: VmParams,
): readonly unknown[] => [
  agent,
  stemcell,
  vmType(cloud, properties),
  typeof networks === 'string' ? { default: manualNetwork(cloud, 'bosh-net', networks) } : networks,
  disks,
  env,
]
