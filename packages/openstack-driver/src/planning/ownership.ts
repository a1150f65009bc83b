import type { Server } from '../services/compute/servers.ts'
import type { GlanceImage } from '../services/image/images.ts'
import type { Member } from '../services/load-balancer/pools.ts'
import type { FloatingIp } from '../services/network/floating-ips.ts'
import type { FixedIp, Port } from '../services/network/ports.ts'
import { isSameAddress } from './address.ts'
import type { AddressPair } from './cloud-property-shapes.ts'
import { isUnfinished, metadataKey, parseOriginText, serverKey } from './creation-marks.ts'
import { isOwnPortTag, serverTag } from './port-tags.ts'
import { isOwnPortName } from './server-names.ts'

/*
 * Whether an object of the cloud is ours (design invariant 0). Whatever is adopted, changed or deleted is compared here
 * first: a filter in a query saves bytes and proves nothing, since Neutron before Rocky and several plug-ins and facades
 * ignore filters that they do not know. All functions are pure.
 */

/** Who is asking: the director and the project of the login. */
export interface Owner {
  readonly directorUuid: string
  /** Undefined when the token names none. */
  readonly projectId: string | undefined
}

/** How Neutron, Octavia and Glance, Nova, and Cinder name the project of an object. */
interface ProjectNames {
  readonly project_id?: unknown
  readonly tenant_id?: unknown
  readonly owner?: unknown
  readonly 'os-vol-tenant-attr:tenant_id'?: unknown
  readonly 'os-extended-snapshot-attributes:project_id'?: unknown
}

function projectOf(object: ProjectNames): string | undefined {
  const names = [
    object.project_id,
    object.tenant_id,
    object.owner,
    object['os-vol-tenant-attr:tenant_id'],
    object['os-extended-snapshot-attributes:project_id'],
  ]
  return names.find((name) => typeof name === 'string' && name !== '') as string | undefined // checked by the predicate
}

/** Whether the object says that it is in this project: for lists that show an administrator the objects of all projects. */
export function isProvablyOf(object: object, projectId: string | undefined): boolean {
  return projectId !== undefined && projectOf(object) === projectId
}

/**
 * Whether the object says that it is in another project. Nova and Cinder list the objects of the token's project whoever
 * asks, but not all of their releases name the project of each object.
 */
export function isOfAnotherProject(object: object, projectId: string | undefined): boolean {
  const named = projectOf(object)
  return named !== undefined && projectId !== undefined && named !== projectId
}

/** Whether the object has exactly this name: the names that the CPI gives are unique. */
export function isNamed(name: string): (object: { readonly name?: string | null }) => boolean {
  return (object) => object.name === name
}

/** Whether the image has the unique tag of an upload. */
export function hasTag(tag: string): (image: Pick<GlanceImage, 'tags'>) => boolean {
  return ({ tags }) => Array.isArray(tags) && tags.includes(tag)
}

/** Whether the port is on this network. */
export function isOnNetwork(networkId: string): (port: Pick<Port, 'network_id'>) => boolean {
  return ({ network_id }) => network_id === networkId
}

/** Whether the port has this address. */
export function hasAddress(port: Pick<Port, 'fixed_ips'>, address: string): boolean {
  return port.fixed_ips.some(({ ip_address }) => isSameAddress(ip_address, address))
}

/** Whether the port is a NIC of this server, and not one that another service bound to it (driver spec §7.5). */
export function isNicOf(serverId: string): (port: Pick<Port, 'device_id' | 'device_owner'>) => boolean {
  return ({ device_id, device_owner = '' }) =>
    device_id === serverId && (device_owner === '' || device_owner.startsWith('compute:'))
}

/**
 * Whether the port of a server's NIC was made for it: by Nova or another CPI, which give ports no names, or by this one. A
 * port with another name was made by an operator and attached by hand.
 */
export function isMadeFor(serverId: string): (port: Pick<Port, 'name' | 'tags'>) => boolean {
  return ({ name, tags }) => name === '' || isOwnPortName(name) || (tags ?? []).includes(serverTag(serverId))
}

/** Whether the port was made for this server and is bound to nothing now. */
export function isReleasedNicOf(serverId: string): (port: Pick<Port, 'device_id' | 'tags'>) => boolean {
  return ({ device_id, tags }) => device_id === '' && (tags ?? []).includes(serverTag(serverId))
}

/**
 * Whether an earlier call left this port: free, in our project, and named by us for no other director, or without a name
 * (driver spec §6.3). Tags that are not ours reserve it as a name does.
 */
export function isAbandonedPort(port: Port, vrrpPairs: readonly AddressPair[], owner: Owner): boolean {
  const isFree = port.status === 'DOWN' && port.device_id === '' && port.device_owner === ''
  const isReserved = vrrpPairs.some(({ ipAddress }) => hasAddress(port, ipAddress))
  const director = parseOriginText(port.description ?? '')[metadataKey.directorUuid]
  const isNameless = port.name === '' && (port.tags ?? []).every(isOwnPortTag)
  const isOurs = (isNameless || isOwnPortName(port.name)) && (director === undefined || director === owner.directorUuid)
  return isFree && !isReserved && isOurs && !isOfAnotherProject(port, owner.projectId)
}

/** Whether a call of this director made the server and never finished it: then the director does not know it. */
export function isUnfinishedServerOf(server: Server, owner: Owner): boolean {
  return (
    server.metadata[metadataKey.directorUuid] === owner.directorUuid &&
    isUnfinished(server.metadata) &&
    !isOfAnotherProject(server, owner.projectId)
  )
}

/** Whether it is known that all disks of the server are deleted with it: that no persistent disk is attached. */
export function hasNoPersistentDisk(server: Pick<Server, 'os-extended-volumes:volumes_attached'>): boolean {
  const disks = server['os-extended-volumes:volumes_attached'] ?? undefined
  return disks?.every((disk) => disk.delete_on_termination === true) ?? false
}

/** Whether the floating IP is the one that this call has allocated. */
export function isAllocatedAs(wanted: {
  readonly floating_network_id: string
  readonly floating_ip_address?: string
  readonly description?: string
}): (floatingIp: FloatingIp) => boolean {
  return (floatingIp) =>
    floatingIp.floating_network_id === wanted.floating_network_id &&
    (wanted.floating_ip_address === undefined ||
      isSameAddress(floatingIp.floating_ip_address, wanted.floating_ip_address)) &&
    (wanted.description === undefined
      ? floatingIp.port_id === null
      : (floatingIp.description ?? '') === wanted.description)
}

/** What a pool member that the CPI makes consists of. Address, port and subnet are unique in a pool. */
export interface MemberIdentity {
  readonly address: string
  readonly protocol_port: number
  readonly subnet_id: string
  readonly name?: string
}

/** Whether a pool sends its traffic to the same place by this member. */
export function hasTargetOf(member: Member, wanted: MemberIdentity): boolean {
  return (
    isSameAddress(member.address, wanted.address) &&
    member.protocol_port === wanted.protocol_port &&
    ((member.subnet_id ?? null) === null || member.subnet_id === wanted.subnet_id)
  )
}

/** Whether this call made the member. The former LBaaS extension may keep no names: there the target has to do. */
export function isOwnMember(member: Member, wanted: MemberIdentity): boolean {
  return hasTargetOf(member, wanted) && (member.name === undefined || member.name === wanted.name)
}

/** Whether the member sends traffic to one of a VM's addresses. The same address may exist in another subnet. */
export function leadsToOneOf(member: Member, fixedIps: readonly FixedIp[]): boolean {
  return fixedIps.some(
    ({ ip_address, subnet_id }) =>
      isSameAddress(member.address, ip_address) &&
      ((member.subnet_id ?? null) === null || member.subnet_id === subnet_id),
  )
}

/** In the name of a pool member: the id of its server. */
export const serverIdKey = 'server_id'

/** Whether the CPI made the member for this server. */
export function isMemberOf(serverId: string): (member: Member) => boolean {
  return (member) => {
    const marks = parseOriginText(member.name ?? '')
    return marks[serverKey] !== undefined && marks[serverIdKey] === serverId
  }
}
