import { createHash } from 'node:crypto'
import type { Call } from '../../kernel/call.ts'
import { isoMicros, isoSeconds } from '../../kernel/time-format.ts'
import { securityGroups } from '../network/records.ts'
import { zoneOfHost } from './availability-zones.ts'
import { bookmark, linksOf } from './links.ts'
import type { ServerRecord } from './records.ts'
import { addressesOf, portsOfServer } from './server-addresses.ts'
import { disksOf } from './server-disks.ts'
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
export interface ViewOptions {
  /** An answer to PUT or rebuild below 2.75 leaves out what extensions once added. */
  isShort?: boolean
  /** `key_name` in spite of that, as rebuild shows it from 2.54 on. */
  hasKeyName?: boolean
  /** `server_groups`, from 2.71 on, not in lists. */
  isInList?: boolean
}

/** The whole server, as each microversion shows it. */
export const serverView = (call: Call, server: ServerRecord, options: ViewOptions = {}) => {
  const { microversion: version, isAdmin } = call
  const status = statusOf(server)
  const isWhole = !options.isShort
  const groups = isWhole ? securityGroupNames(call, server) : []
  const groupsView = groups.length > 0 ? { security_groups: groups.map((name) => ({ name })) } : {}
  const isList = options.isInList ?? false
  return {
    id: server.id,
    name: server.name,
    status,
    tenant_id: server.project_id,
    user_id: server.user_id,
    metadata: server.metadata,
    hostId: hostIdOf(server.project_id, server.host),
    image: server.image_id === '' ? '' : { id: server.image_id, links: [bookmark(call, 'images', server.image_id)] },
    flavor: flavorView(call, server),
    created: isoSeconds(server.created_at),
    updated: isoSeconds(server.updated_at),
    addresses: addressesView(call, server, isWhole),
    accessIPv4: server.access_ip_v4 ?? '',
    accessIPv6: server.access_ip_v6 ?? '',
    links: linksOf(call, 'servers', server.id),
    'OS-DCF:diskConfig': server.disk_config,
    ...(withFault.has(status) && server.fault ? { fault: faultView(call, server) } : {}),
    ...(withProgress.has(status) ? { progress: 0 } : {}),
    ...(isWhole
      ? { 'OS-EXT-AZ:availability_zone': zoneOf(call, server), config_drive: server.config_drive ? 'True' : '' }
      : {}),
    ...(isWhole || options.hasKeyName ? { key_name: server.key_name } : {}),
    ...(isWhole ? { 'OS-SRV-USG:launched_at': moment(server.launched_at) } : {}),
    ...(isWhole ? { 'OS-SRV-USG:terminated_at': moment(server.terminated_at) } : {}),
    ...(isList ? {} : groupsView),
    ...(isWhole && isAdmin ? adminView(call, server) : {}),
    ...(isWhole
      ? {
          'OS-EXT-STS:task_state': server.task_state,
          'OS-EXT-STS:vm_state': server.vm_state,
          'OS-EXT-STS:power_state': server.power_state,
          'os-extended-volumes:volumes_attached': volumesView(call, server),
        }
      : {}),
    ...(isWhole && isAdmin && version.atLeast('2.16') ? { host_status: server.host === null ? '' : 'UP' } : {}),
    ...(version.atLeast('2.9') ? { locked: server.locked } : {}),
    ...(version.atLeast('2.73') ? { locked_reason: server.locked_reason } : {}),
    ...(version.atLeast('2.19') ? { description: server.description } : {}),
    ...(version.atLeast('2.26') ? { tags: server.tags } : {}),
    ...(version.atLeast('2.63') ? { trusted_image_certificates: server.trusted_certs } : {}),
    ...(version.atLeast('2.90') && !(isWhole && isAdmin) ? { 'OS-EXT-SRV-ATTR:hostname': server.hostname } : {}),
    ...(version.atLeast('2.71') && !isList ? { server_groups: server.group_id === null ? [] : [server.group_id] } : {}),
    ...(isList ? groupsView : {}),
  }
}

const moment = (epochMs: number | null): string | null =>
  epochMs === null ? null : isoMicros(Math.floor(epochMs / 1000) * 1000)

const zoneOf = (call: Call, server: ServerRecord): string =>
  (server.host === null ? undefined : zoneOfHost(call.world, server.host)) ?? server.requested_zone ?? ''

/** The same for all servers of a project on one host, and no hint at the host. */
export const hostIdOf = (projectId: string, host: string | null): string =>
  host === null
    ? ''
    : createHash('sha224')
        .update(projectId + host)
        .digest('hex')

const flavorView = (call: Call, { flavor }: ServerRecord) =>
  call.microversion.atLeast('2.47')
    ? {
        vcpus: flavor.vcpus,
        ram: flavor.ram,
        disk: flavor.disk,
        ephemeral: flavor.ephemeral,
        swap: flavor.swap,
        original_name: flavor.name,
        extra_specs: flavor.extra_specs,
      }
    : { id: flavor.id, links: [bookmark(call, 'flavors', flavor.id)] }

const addressesView = (call: Call, server: ServerRecord, isWhole: boolean) => {
  const all = addressesOf(call.world, server)
  if (isWhole) return all
  return Object.fromEntries(
    Object.entries(all).map(([network, list]) => [network, list.map(({ version, addr }) => ({ version, addr }))]),
  )
}

/** Users do not see the details of an internal error. */
const faultView = (call: Call, { fault }: ServerRecord) =>
  fault && {
    code: fault.code,
    created: isoSeconds(fault.created_at),
    message: fault.message,
    ...(fault.details !== null && (call.isAdmin || fault.code !== 500) ? { details: fault.details } : {}),
  }

const adminView = (call: Call, server: ServerRecord) => ({
  'OS-EXT-SRV-ATTR:host': server.host,
  'OS-EXT-SRV-ATTR:instance_name': instanceName(server),
  'OS-EXT-SRV-ATTR:hypervisor_hostname': server.host,
  ...(call.microversion.atLeast('2.3')
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
export const instanceName = (server: ServerRecord): string => `instance-${server.number.toString(16).padStart(8, '0')}`

const volumesView = (call: Call, server: ServerRecord) =>
  disksOf(call.world, server).flatMap((disk) =>
    disk.volume_id === null
      ? []
      : call.microversion.atLeast('2.3')
        ? [{ id: disk.volume_id, delete_on_termination: disk.delete_on_termination }]
        : [{ id: disk.volume_id }],
  )

/** Names of the groups on the server's ports, each once; Nova asks Neutron for them. */
const securityGroupNames = (call: Call, server: ServerRecord): string[] => {
  if (server.vm_state === 'deleted') return []
  const ids = portsOfServer(call.world, server).flatMap((port) => port.security_groups)
  return [...new Set(ids)].map((id) => call.store.of(securityGroups).get(id)?.name ?? id)
}
