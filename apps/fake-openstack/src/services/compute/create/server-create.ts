import { badRequest, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { accepted } from '../../../kernel/reply.ts'
import { visibleFlavor } from '../flavors.ts'
import { checkInjectedFiles } from '../injected-files.ts'
import { keypairOf } from '../keypairs.ts'
import { linksOf } from '../links.ts'
import { usageOf } from '../quota-usage.ts'
import { type FlavorRecord, type ServerGroupRecord, type ServerRecord, serverGroups, servers } from '../records.ts'
import { noteAction } from '../server-actions-log.ts'
import { membersOf } from '../server-groups.ts'
import { zoneOfHost, zonesByAvailability } from '../zones.ts'
import { bootImage, checkBlockDeviceForm, checkImageFits, planDisks, reserveDisks } from './boot-disks.ts'
import { checkNetworksForm, checkSecurityGroups, limitByPortQuota, resolveNetworks } from './requested-networks.ts'
import { buildServer } from './server-build.ts'
import { readServerRequest, type ServerRequest } from './server-create-schema.ts'

/**
 * `POST /servers`: the checks in Nova's order, then one or more servers that build by themselves
 * (https://docs.openstack.org/api-ref/compute/#create-server).
 */
export const createServer = (call: Call) => {
  const { server: asked, hints } = readServerRequest(call)
  const { fewest, most } = wantedCount(asked)
  const { zone, host } = readZone(call, asked)
  checkBlockDeviceForm(asked)
  checkNetworksForm(asked.networks)
  const flavor = flavorOf(call, asked.flavorRef)
  checkTogether(asked, most)
  if (zone !== null && host === null && !zonesByAvailability(call.context).available.includes(zone)) {
    throw badRequest('The requested availability zone is not available')
  }
  const disks = planDisks(call, asked, flavor)
  const image = bootImage(call, asked, disks)
  if (flavor.disabled) throw badRequest(`Flavor ${flavor.id} could not be found.`)
  const groups = [...new Set((asked.security_groups ?? []).flatMap((group) => group.name ?? []))]
  checkSecurityGroups(call, groups)
  const nics = resolveNetworks(call, asked.networks)
  const key = asked.key_name === undefined ? undefined : keypairOf(call, call.userId, asked.key_name)
  if (asked.key_name !== undefined && !key) throw badRequest('Invalid key_name provided.')
  const byPorts = limitByPortQuota(call, nics, fewest, most)
  checkMetadata(call, asked)
  checkInjectedFiles(call, asked.personality ?? [])
  checkImageFits(image, flavor, disks)
  const group = groupOf(call, hints.group)
  const count = limitByQuota(call, flavor, fewest, byPorts)

  const { context } = call
  const password = asked.adminPass ?? context.ids.word(12)
  const reservation = `r-${context.ids.hex().slice(0, 8)}`
  const made: ServerRecord[] = []
  for (let i = 0; i < count; i += 1) {
    const id = context.ids.uuid()
    if (group) checkMembers(call, group)
    const name = most > 1 ? `${asked.name}-${i + 1}` : asked.name
    made.push(
      call.store.of(servers).insert({
        id,
        number: nextNumber(call),
        name,
        description: call.microversion.atLeast('2.19') ? (asked.description ?? null) : name,
        hostname: asked.hostname ?? hostnameOf(name, id),
        project_id: call.projectId,
        user_id: call.userId,
        ...(call.isAdmin ? { made_by_admin: true } : {}),
        metadata: asked.metadata ?? {},
        tags: [...new Set(asked.tags ?? [])],
        image_id: asked.imageRef ?? '',
        image_properties: image?.properties ?? {},
        flavor: { ...flavor },
        old_flavor: null,
        vm_state: 'building',
        task_state: 'scheduling',
        power_state: 0,
        host: null,
        requested_zone: zone,
        requested_host: host ?? asked.host ?? asked.hypervisor_hostname ?? null,
        same_host: hints.same_host ?? [],
        different_host: hints.different_host ?? [],
        group_id: group?.id ?? null,
        access_ip_v4: asked.accessIPv4 ?? null,
        access_ip_v6: asked.accessIPv6 ?? null,
        disk_config: asked['OS-DCF:diskConfig'] ?? 'MANUAL',
        config_drive: asked.config_drive ?? false,
        key_name: asked.key_name ?? null,
        key_data: key?.public_key ?? null,
        user_data: asked.user_data ?? null,
        admin_pass: password,
        personality: (asked.personality ?? []).map(({ path, contents }) => ({
          path: path ?? '',
          contents: contents ?? '',
        })),
        security_groups: groups,
        locked: false,
        locked_reason: null,
        trusted_certs: asked.trusted_image_certificates ?? null,
        disks: reserveDisks(call, id, flavor, disks),
        nics,
        fault: null,
        reservation_id: reservation,
        launch_index: i,
        root_device_name: null,
        console: [],
        created_at: call.now,
        updated_at: call.now,
        launched_at: null,
        terminated_at: null,
      }),
    )
    noteAction(call, id, 'create')
    context.lifecycle.start(buildServer, id)
  }
  if (asked.return_reservation_id) return accepted({ reservation_id: reservation })
  return answer(call, asked, made[0]?.id ?? '', password)
}

const answer = (call: Call, asked: ServerRequest, id: string, adminPass: string) => {
  const links = linksOf(call, 'servers', id)
  const server = {
    id,
    links,
    'OS-DCF:diskConfig': asked['OS-DCF:diskConfig'] ?? 'MANUAL',
    security_groups: asked.security_groups ?? [{ name: 'default' }],
    adminPass,
  }
  return accepted({ server }, { location: links[0]?.href ?? '' })
}

const wantedCount = ({ min_count, max_count }: ServerRequest): { fewest: number; most: number } => {
  const fewest = min_count ?? 1
  const most = max_count ?? fewest
  if (fewest > most) throw badRequest('min_count must be <= max_count')
  return { fewest, most }
}

/** `zone`, or for admins `zone:host[:node]`. */
const readZone = (call: Call, asked: ServerRequest): { zone: string | null; host: string | null } => {
  if (asked.host !== undefined || asked.hypervisor_hostname !== undefined) {
    call.requireAdmin('compute:servers:create:requested_destination')
  }
  const [zone, host, ...more] = (asked.availability_zone ?? '').split(':')
  if (more.length > 1) throw badRequest('Invalid input received: Unable to parse availability_zone')
  if (asked.availability_zone === undefined) return { zone: null, host: null }
  if (host === undefined && more.length === 0) return { zone: zone ?? null, host: null }
  call.requireAdmin('os_compute_api:servers:create:forced_host')
  const forced = host || more[0] || ''
  const actual = zoneOfHost(call.context, forced)
  if (actual === undefined) throw badRequest(`Compute host ${forced} could not be found.`)
  return { zone: actual === zone ? actual : null, host: forced }
}

const flavorOf = (call: Call, id: string): FlavorRecord => {
  try {
    return visibleFlavor(call, id)
  } catch {
    // Whatever hides it: in a create an unknown flavor is a bad request, not a missing resource.
    throw badRequest(`Flavor ${id} could not be found.`)
  }
}

/** What a request for several servers cannot have. */
const checkTogether = ({ networks, hostname }: ServerRequest, most: number): void => {
  if (most <= 1) return
  if (Array.isArray(networks)) {
    if (networks.some((one) => one.fixed_ip !== undefined)) {
      throw badRequest('Failed to launch instances: max_count cannot be greater than 1 if an fixed_ip is specified.')
    }
    if (networks.some((one) => one.port)) {
      throw badRequest(
        'Failed to launch instances: Unable to launch multiple instances with a single configured port ID. Please launch your instance one by one with different ports.',
      )
    }
  }
  if (hostname !== undefined) {
    throw badRequest('Unable to allocate a single hostname to multiple instances')
  }
}

const checkMetadata = (call: Call, asked: ServerRequest): void => {
  const limit = call.context.quotas.limit('compute', call.projectId, 'metadata_items')
  if (limit >= 0 && Object.keys(asked.metadata ?? {}).length > limit) {
    throw forbidden(`Maximum number of metadata items exceeds ${limit}`)
  }
}

const groupOf = (call: Call, id: string | undefined): ServerGroupRecord | undefined => {
  if (id === undefined) return undefined
  const group = call.store.of(serverGroups).get(id)
  if (!group || (group.project_id !== call.projectId && !call.isAdmin)) {
    throw badRequest(`Instance group ${id} could not be found.`)
  }
  return group
}

const checkMembers = (call: Call, group: ServerGroupRecord): void => {
  const members = membersOf(call.context, group.id).length
  if (call.context.quotas.exceeded('compute', call.projectId, 'server_group_members', members, 1)) {
    throw forbidden('Quota exceeded, too many servers in group')
  }
}

/** As many servers as the quota allows; 403 when not even the fewest fit. */
const limitByQuota = (call: Call, flavor: FlavorRecord, fewest: number, most: number): number => {
  for (let count = most; count > fewest; count -= 1) if (overs(call, flavor, count).length === 0) return count
  const over = overs(call, flavor, fewest)
  if (over.length === 0) return fewest
  const used = usageOf(call.context, call.projectId)
  const limits = call.context.quotas.limits('compute', call.projectId)
  const names = over.map((one) => one.name).join(', ')
  const requested = over.map((one) => one.adding).join(', ')
  const usedNow = over.map((one) => used[one.name]).join(', ')
  const allowed = over.map((one) => limits[one.name]).join(', ')
  throw forbidden(
    `Quota exceeded for ${names}: Requested ${requested}, but already used ${usedNow} of ${allowed} ${names}`,
  )
}

const overs = (call: Call, flavor: FlavorRecord, count: number): { name: string; adding: number }[] => {
  const used = usageOf(call.context, call.projectId)
  return [
    { name: 'cores', adding: flavor.vcpus * count },
    { name: 'instances', adding: count },
    { name: 'ram', adding: flavor.ram * count },
  ].filter(({ name, adding }) => call.context.quotas.exceeded('compute', call.projectId, name, used[name] ?? 0, adding))
}

const nextNumber = (call: Call): number => {
  const newest = call.store.of(servers).walk({}, { reverse: true }).next().value
  return (newest?.number ?? 0) + 1
}

/** A host name made of the server's name. */
const hostnameOf = (name: string, id: string): string => {
  const letters = name
    .replace(/[ _]/g, '-')
    .replace(/[^\w.-]+/g, '')
    .toLowerCase()
    .replace(/^[.-]+|[.-]+$/g, '')
  return (letters || `server-${id}`).slice(0, 63)
}
