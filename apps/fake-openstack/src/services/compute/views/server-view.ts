import { createHash } from 'node:crypto'
import type { Call } from '../../../kernel/call.ts'
import { isoMicros, isoSeconds } from '../../../kernel/time-format.ts'
import { images } from '../../image/records.ts'
import { type PortRecord, securityGroups } from '../../network/records.ts'
import { hostStatus } from '../host-services.ts'
import { bookmark, linksOf } from '../links.ts'
import type { Fault, ServerRecord } from '../records.ts'
import { rulesOf } from '../release-rules.ts'
import { disksOf } from '../server-disks.ts'
import { zoneOfHost } from '../zones.ts'
import { addressesOfPorts, portsOfServer } from './server-addresses.ts'
import { statusOf } from './server-status.ts'

/** `{id, name, links}` of the short list. */
export const basicView = (call: Call, server: ServerRecord) => ({
  id: server.id,
  name: server.name,
  links: linksOf(call, 'servers', server.id),
})

const withFault = new Set(['ERROR', 'DELETED'])
const withProgress = new Set(['ACTIVE', 'BUILD', 'REBUILD', 'RESIZE', 'VERIFY_RESIZE', 'MIGRATING'])

/** How much of a server is shown: lists and single ones all, answers to changes less before 2.75. */
interface ViewOptions {
  /** An answer to PUT or rebuild below 2.75 leaves out what extensions once added. */
  isShort?: boolean
  /** `key_name` in spite of that, as rebuild shows it from 2.54 on. */
  hasKeyName?: boolean
  /** `server_groups`, from 2.71 on, not in lists. */
  isInList?: boolean
}

/** What role and microversion make of a view: worked out once for a whole list. */
const shapeOf = (call: Call, options: ViewOptions) => {
  const has = (version: string): boolean => call.microversion.atLeast(version)
  const isWhole = !options.isShort
  const isForAdmin = isWhole && call.isAdmin
  return {
    isWhole,
    isForAdmin,
    isInList: options.isInList ?? false,
    hasKeyName: isWhole || (options.hasKeyName ?? false),
    hasAdminExtras: has('2.3'),
    hasDeleteOnTermination: has('2.3'),
    hasLocked: has('2.9'),
    hasHostStatus: isForAdmin && has('2.16'),
    hasDescription: has('2.19'),
    hasTags: has('2.26'),
    hasEmbeddedFlavor: has('2.47'),
    hasTrustedCerts: has('2.63'),
    hasGroups: has('2.71') && !options.isInList,
    hasLockedReason: has('2.73'),
    hasHostname: has('2.90') && !isForAdmin,
    hasImageProperties: isWhole && has('2.98'),
    hasPinnedZone: isWhole && has('2.96'),
    hasSchedulerHints: isWhole && has('2.100'),
    hostIds: new Map<string, string>(),
  }
}

type Shape = ReturnType<typeof shapeOf>

/** The whole server, as each microversion shows it. */
export const serverView = (call: Call, server: ServerRecord, options: ViewOptions = {}) =>
  serverViewer(call, options)(server)

/** Makes the views of several servers for one answer. */
export const serverViewer = (call: Call, options: ViewOptions = {}) => {
  const shape = shapeOf(call, options)
  return (server: ServerRecord) => view(call, server, shape)
}

const view = (call: Call, server: ServerRecord, shape: Shape) => {
  const { isWhole } = shape
  const status = statusOf(server)
  const ports = server.vm_state === 'deleted' ? [] : portsOfServer(call.context, server)
  const groups = isWhole ? securityGroupNames(call, ports) : []
  const groupsView = groups.length > 0 ? { security_groups: groups.map((name) => ({ name })) } : {}
  return {
    id: server.id,
    name: server.name,
    status,
    tenant_id: server.project_id,
    user_id: server.user_id,
    metadata: server.metadata,
    hostId: knownHostId(shape, server),
    image: imageView(call, server, shape),
    flavor: shape.hasEmbeddedFlavor ? embeddedFlavor(server) : flavorLink(call, server),
    created: isoSeconds(server.created_at),
    updated: isoSeconds(server.updated_at),
    addresses: addressesView(call, server, ports, isWhole),
    accessIPv4: server.access_ip_v4 ?? '',
    accessIPv6: server.access_ip_v6 ?? '',
    links: linksOf(call, 'servers', server.id),
    'OS-DCF:diskConfig': server.disk_config,
    ...(server.fault && withFault.has(status) ? { fault: faultView(call, server.fault) } : {}),
    ...(withProgress.has(status) ? { progress: 0 } : {}),
    ...(isWhole
      ? { 'OS-EXT-AZ:availability_zone': zoneOf(call, server), config_drive: server.config_drive ? 'True' : '' }
      : {}),
    ...(shape.hasKeyName ? { key_name: server.key_name } : {}),
    ...(isWhole
      ? {
          'OS-SRV-USG:launched_at': moment(server.launched_at),
          'OS-SRV-USG:terminated_at': moment(server.terminated_at),
        }
      : {}),
    ...(shape.isInList ? {} : groupsView),
    ...(shape.isForAdmin ? adminView(server, shape) : {}),
    ...(isWhole
      ? {
          'OS-EXT-STS:task_state': server.task_state,
          'OS-EXT-STS:vm_state': server.vm_state,
          'OS-EXT-STS:power_state': server.power_state,
          'os-extended-volumes:volumes_attached': volumesView(call, server, shape),
        }
      : {}),
    ...(shape.hasHostStatus ? { host_status: hostStatus(call.context, server.host) } : {}),
    ...(shape.hasLocked ? { locked: server.locked } : {}),
    ...(shape.hasLockedReason ? { locked_reason: server.locked_reason } : {}),
    ...(shape.hasDescription ? { description: server.description } : {}),
    ...(shape.hasTags ? { tags: server.tags } : {}),
    ...(shape.hasTrustedCerts ? { trusted_image_certificates: server.trusted_certs } : {}),
    ...(shape.hasHostname ? { 'OS-EXT-SRV-ATTR:hostname': server.hostname } : {}),
    ...(shape.hasGroups ? { server_groups: server.group_id === null ? [] : [server.group_id] } : {}),
    ...(shape.isInList ? groupsView : {}),
    ...(shape.hasPinnedZone ? { pinned_availability_zone: server.requested_zone } : {}),
    ...(shape.hasSchedulerHints ? { scheduler_hints: schedulerHints(server) } : {}),
  }
}

const knownImageProperty = /^(architecture|hypervisor_type|auto_disk_config|(hw|img|os|trait)_.*)$/

/** Properties of the image as Nova keeps them with the server: later those that it knows, before also its own. */
const imageProperties = (call: Call, id: string): Record<string, string> => {
  const image = call.store.of(images).get(id)
  const known = Object.entries(image?.properties ?? {}).filter(([name]) => knownImageProperty.test(name))
  if (!rulesOf(call).showsAllImageProperties) return Object.fromEntries(known)
  return {
    ...image?.properties,
    base_image_ref: id,
    container_format: image?.container_format ?? '',
    disk_format: image?.disk_format ?? '',
    min_disk: String(Math.max(1, image?.min_disk ?? 0)),
    min_ram: String(image?.min_ram ?? 0),
  }
}

const imageView = (call: Call, { image_id: id }: ServerRecord, { hasImageProperties }: Shape) => {
  if (id === '') return ''
  const properties = imageProperties(call, id)
  return { id, links: [bookmark(call, 'images', id)], ...(hasImageProperties ? { properties } : {}) }
}

/** The hints of the request, as far as they are kept. */
const schedulerHints = (server: ServerRecord): Record<string, readonly string[]> =>
  server.group_id === null ? {} : { group: [server.group_id] }

const moment = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoMicros(Math.floor(epochMs / 1000) * 1000)

const zoneOf = (call: Call, server: ServerRecord): string =>
  (server.host === null ? undefined : zoneOfHost(call.context, server.host)) ?? server.requested_zone ?? ''

/** The same for all servers of a project on one host, and no hint at the host. */
export const hostIdOf = (projectId: string, host: string | null): string =>
  host === null
    ? ''
    : createHash('sha224')
        .update(projectId + host)
        .digest('hex')

const knownHostId = ({ hostIds }: Shape, { project_id, host }: ServerRecord): string => {
  const key = `${project_id}/${host}`
  const known = hostIds.get(key) ?? hostIdOf(project_id, host)
  hostIds.set(key, known)
  return known
}

const embeddedFlavor = ({ flavor }: ServerRecord) => ({
  vcpus: flavor.vcpus,
  ram: flavor.ram,
  disk: flavor.disk,
  ephemeral: flavor.ephemeral,
  swap: flavor.swap,
  original_name: flavor.name,
  extra_specs: flavor.extra_specs,
})

const flavorLink = (call: Call, { flavor }: ServerRecord) => ({
  id: flavor.id,
  links: [bookmark(call, 'flavors', flavor.id)],
})

const addressesView = (call: Call, server: ServerRecord, ports: readonly PortRecord[], isWhole: boolean) => {
  const all = server.vm_state === 'building' ? {} : addressesOfPorts(call.context, ports)
  if (isWhole) return all
  return Object.fromEntries(
    Object.entries(all).map(([network, list]) => [network, list.map(({ version, addr }) => ({ version, addr }))]),
  )
}

/** Users do not see the details of an internal error. */
const faultView = (call: Call, fault: Fault) => ({
  code: fault.code,
  created: isoSeconds(fault.created_at),
  message: fault.message,
  ...(fault.details !== null && (call.isAdmin || fault.code !== 500) ? { details: fault.details } : {}),
})

const adminView = (server: ServerRecord, shape: Shape) => ({
  'OS-EXT-SRV-ATTR:host': server.host,
  'OS-EXT-SRV-ATTR:instance_name': instanceName(server),
  'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host,
  ...(shape.hasAdminExtras
    ? {
        'OS-EXT-SRV-ATTR:reservation_id': server.reservation_id,
        'OS-EXT-SRV-ATTR:launch_index': server.launch_index,
        'OS-EXT-SRV-ATTR:hostname': server.hostname,
        'OS-EXT-SRV-ATTR:kernel_id': '',
        'OS-EXT-SRV-ATTR:ramdisk_id': '',
        'OS-EXT-SRV-ATTR:root_device_name': server.root_device_name,
        'OS-EXT-SRV-ATTR:user_data': server.user_data,
      }
    : {}),
})

/** `instance-0000002a`, the name of the domain on the hypervisor. */
const instanceName = (server: ServerRecord): string => `instance-${server.number.toString(16).padStart(8, '0')}`

const volumesView = (call: Call, server: ServerRecord, shape: Shape) =>
  disksOf(call.context, server).flatMap(({ volume_id, delete_on_termination }) => {
    if (volume_id === null) return []
    return shape.hasDeleteOnTermination ? [{ id: volume_id, delete_on_termination }] : [{ id: volume_id }]
  })

/** Names of the groups on the server's ports, each once; Nova asks Neutron for them. */
const securityGroupNames = (call: Call, ports: readonly PortRecord[]): string[] => {
  const ids = new Set(ports.flatMap((port) => port.security_groups))
  return [...ids].map((id) => call.store.of(securityGroups).get(id)?.name ?? id)
}
