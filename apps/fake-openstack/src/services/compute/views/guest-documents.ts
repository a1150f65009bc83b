import type { CloudContext } from '../../../kernel/cloud-context.ts'
import { networks, type PortRecord, subnets } from '../../network/records.ts'
import { type ServerRecord, servers } from '../records.ts'
import { zoneOfHost } from '../zones.ts'
import { addressesOf, portsOfServer } from './server-addresses.ts'

/** Files that a guest can read, by path; objects are JSON. */
export type GuestDocuments = Readonly<Record<string, string | Uint8Array<ArrayBuffer> | object>>

const hex = (server: ServerRecord): string => server.number.toString(16).padStart(8, '0')

const zoneOf = (context: CloudContext, server: ServerRecord): string =>
  (server.host === null ? undefined : zoneOfHost(context, server.host)) ?? server.requested_zone ?? ''

const firstAddress = (context: CloudContext, server: ServerRecord, kind: 'fixed' | 'floating'): string =>
  Object.values(addressesOf(context, server))
    .flat()
    .find((one) => one.version === 4 && one['OS-EXT-IPS:type'] === kind)?.addr ?? ''

/** What `meta-data/` lists, in the EC2 form of 2009-04-04 (`latest`). */
const ec2 = (context: CloudContext, server: ServerRecord) => ({
  'ami-id': 'ami-00000001',
  'ami-launch-index': String(server.launch_index),
  'block-device-mapping': {
    ami: server.root_device_name?.replace('/dev/', '') ?? 'sda',
    root: server.root_device_name ?? '/dev/sda',
  },
  hostname: `${server.hostname}.novalocal`,
  'instance-action': 'none',
  'instance-id': `i-${hex(server)}`,
  'instance-type': server.flavor.name,
  'local-hostname': `${server.hostname}.novalocal`,
  'local-ipv4': firstAddress(context, server, 'fixed'),
  placement: { 'availability-zone': zoneOf(context, server) },
  'public-hostname': `${server.hostname}.novalocal`,
  'public-ipv4': firstAddress(context, server, 'floating'),
  ...(server.key_data === null
    ? {}
    : { 'public-keys': { '0': { _name: `0=${server.key_name ?? ''}`, 'openssh-key': server.key_data } } }),
  'reservation-id': server.reservation_id,
  'security-groups': server.security_groups.length > 0 ? server.security_groups : ['default'],
})

const metaData = (context: CloudContext, server: ServerRecord) => ({
  uuid: server.id,
  meta: server.metadata,
  ...(server.key_name !== null && server.key_data !== null
    ? {
        public_keys: { [server.key_name]: server.key_data },
        keys: [{ name: server.key_name, type: 'ssh', data: server.key_data }],
      }
    : {}),
  hostname: `${server.hostname}.novalocal`,
  name: server.name,
  launch_index: server.launch_index,
  availability_zone: zoneOf(context, server),
  project_id: server.project_id,
  admin_pass: server.admin_pass,
  devices: [],
  dedicated_cpus: [],
})

const networkData = (context: CloudContext, server: ServerRecord) => {
  const ports = portsOfServer(context, server)
  const entries = ports.flatMap((port) => port.fixed_ips.map((fixed) => ({ port, fixed })))
  const servicesOf = entries.flatMap(
    ({ fixed }) => context.store.of(subnets).get(fixed.subnet_id)?.dns_nameservers ?? [],
  )
  return {
    links: ports.map((port) => ({
      id: `tap${port.id.slice(0, 11)}`,
      vif_id: port.id,
      type: 'ovs',
      mtu: context.store.of(networks).get(port.network_id)?.mtu ?? 1500,
      ethernet_mac_address: port.mac_address,
    })),
    networks: entries.map(({ port, fixed }, n) => networkEntry(context, port, fixed, n)),
    services: [...new Set(servicesOf)].map((address) => ({ type: 'dns', address })),
  }
}

const networkEntry = (context: CloudContext, port: PortRecord, fixed: PortRecord['fixed_ips'][number], n: number) => {
  const subnet = context.store.of(subnets).get(fixed.subnet_id)
  const base = { id: `network${n}`, link: `tap${port.id.slice(0, 11)}`, network_id: port.network_id }
  const version = subnet?.ip_version ?? 4
  if (subnet?.enable_dhcp) return { ...base, type: version === 4 ? 'ipv4_dhcp' : 'ipv6_dhcp' }
  const everywhere = version === 4 ? '0.0.0.0' : '::'
  const gateway = subnet?.gateway_ip
  return {
    ...base,
    type: `ipv${version}`,
    ip_address: fixed.ip_address,
    netmask: netmask(subnet?.cidr ?? '', version),
    routes: gateway ? [{ network: everywhere, netmask: everywhere, gateway }] : [],
  }
}

/** `255.255.252.0` for `10.0.0.0/22`; IPv6 keeps the length, in its long form. */
const netmask = (cidr: string, version: 4 | 6): string => {
  const length = Number(cidr.split('/')[1] ?? (version === 4 ? 32 : 128))
  const [parts, width] = version === 4 ? [4, 8] : [8, 16]
  return Array.from({ length: parts }, (_, i) => {
    const bits = Math.min(Math.max(length - i * width, 0), width)
    const value = (2 ** width - 1) ^ (2 ** (width - bits) - 1)
    return version === 4 ? String(value) : value.toString(16).padStart(4, '0')
  }).join(version === 4 ? '.' : ':')
}

/** A tree as the EC2 service shows it: a path of its own for each leaf, and listings for what is between. */
const flatten = (tree: object, prefix: string, into: Record<string, string>): void => {
  const names: string[] = []
  for (const [key, value] of Object.entries(tree)) {
    if (key === '_name') continue
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value)
    const name = isBranch && '_name' in value ? String(value._name) : key
    names.push(isBranch && !('_name' in value) ? `${name}/` : name)
    if (isBranch) flatten(value, `${prefix}${key}/`, into)
    else into[prefix + key] = Array.isArray(value) ? value.join('\n') : String(value)
  }
  into[prefix] = names.join('\n')
}

/** JSON without the names that only listings show. */
const withoutNames = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => (key === '_name' ? [] : [[key, withoutNames(inner)]])),
  )
}

const userData = (server: ServerRecord): Uint8Array<ArrayBuffer> | undefined =>
  server.user_data === null ? undefined : new Uint8Array(Buffer.from(server.user_data, 'base64'))

const openstackFiles = (context: CloudContext, server: ServerRecord): GuestDocuments => {
  const data = userData(server)
  return {
    'openstack/latest/meta_data.json': metaData(context, server),
    'openstack/latest/network_data.json': networkData(context, server),
    'openstack/latest/vendor_data.json': {},
    'openstack/latest/vendor_data2.json': { static: {} },
    ...(data ? { 'openstack/latest/user_data': data } : {}),
  }
}

/** The metadata service at 169.254.169.254 as this server's guest would see it; undefined before it has a host. */
export const metadataService = (context: CloudContext, serverId: string): GuestDocuments | undefined => {
  const server = context.store.of(servers).get(serverId)
  if (!server || server.host === null || server.vm_state === 'deleted') return undefined
  const leaves: Record<string, string> = {}
  flatten(ec2(context, server), 'latest/meta-data/', leaves)
  const data = userData(server)
  return { ...leaves, ...(data ? { 'latest/user-data': data } : {}), ...openstackFiles(context, server) }
}

/** The files of the config drive; undefined for a server without one. */
export const configDrive = (context: CloudContext, serverId: string): GuestDocuments | undefined => {
  const server = context.store.of(servers).get(serverId)
  if (!server?.config_drive || server.host === null || server.vm_state === 'deleted') return undefined
  const data = userData(server)
  return {
    'ec2/latest/meta-data.json': withoutNames(ec2(context, server)) as object, // an object stays one
    ...(data ? { 'ec2/latest/user-data': data } : {}),
    ...openstackFiles(context, server),
  }
}
