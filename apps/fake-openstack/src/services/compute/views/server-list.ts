import { badRequest, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { novaDialect } from '../../../kernel/dialects/openstack-fault.ts'
import { byKeys, pageOf } from '../../../kernel/pagination.ts'
import { ok } from '../../../kernel/reply.ts'
import { nextLinks } from '../links.ts'
import { booleanWord, limitAndMarker, maxPage, sortParams } from '../query.ts'
import { type ServerRecord, servers } from '../records.ts'
import { rulesOf } from '../release-rules.ts'
import { exactName, serverFilter } from './server-filters.ts'
import { basicView, serverViewer } from './server-view.ts'

const sortKeys: Readonly<Record<string, (server: ServerRecord) => unknown>> = {
  access_ip_v4: (r) => r.access_ip_v4,
  access_ip_v6: (r) => r.access_ip_v6,
  auto_disk_config: (r) => r.disk_config,
  availability_zone: (r) => r.requested_zone,
  config_drive: (r) => Number(r.config_drive),
  created_at: (r) => r.created_at,
  display_description: (r) => r.description,
  display_name: (r) => r.name.toLowerCase(),
  host: (r) => r.host,
  hostname: (r) => r.hostname,
  image_ref: (r) => r.image_id,
  instance_type_id: (r) => r.flavor.id,
  kernel_id: () => '',
  key_name: (r) => r.key_name,
  launch_index: (r) => r.launch_index,
  launched_at: (r) => r.launched_at,
  locked_by: (r) => (r.locked ? 'owner' : null),
  node: (r) => r.host,
  power_state: (r) => r.power_state,
  progress: () => 0,
  project_id: (r) => r.project_id,
  ramdisk_id: () => '',
  root_device_name: (r) => r.root_device_name,
  task_state: (r) => r.task_state,
  terminated_at: (r) => r.terminated_at,
  updated_at: (r) => r.updated_at,
  user_id: (r) => r.user_id,
  uuid: (r) => r.id,
  vm_state: (r) => r.vm_state,
}

/** Sort keys that were once valid; they are ignored until 2.75. */
const ignoredSortKeys = [
  'architecture',
  'cell_name',
  'cleaned',
  'default_ephemeral_device',
  'default_swap_device',
  'deleted',
  'deleted_at',
  'disable_terminate',
  'ephemeral_gb',
  'ephemeral_key_uuid',
  'id',
  'key_data',
  'launched_on',
  'locked',
  'memory_mb',
  'os_type',
  'reservation_id',
  'root_gb',
  'shutdown_terminate',
  'user_data',
  'vcpus',
  'vm_mode',
]

const order = (call: Call) => {
  const { microversion: version } = call
  const known = { ...sortKeys, ...(version.atLeast('2.73') ? { locked: (r: ServerRecord) => Number(r.locked) } : {}) }
  const allowed = [...Object.keys(known).sort(), ...(version.atLeast('2.75') ? [] : ignoredSortKeys)]
  if (!call.query.has('sort_key') && !call.query.has('sort_dir')) return undefined
  const wanted = sortParams(call, allowed, { key: 'created_at', direction: 'desc' })
  for (const { key } of wanted) {
    if (['host', 'node'].includes(key) && !call.isAdmin) {
      throw forbidden(`Only administrators can sort servers by ${key}`)
    }
  }
  const keys = wanted.flatMap(({ key, descending }) => {
    const of = (known as Readonly<Record<string, (server: ServerRecord) => unknown>>)[key]
    return of ? [{ of, descending }] : []
  })
  return keys.length === 0 ? undefined : byKeys(keys)
}

/** True when an admin asks for all projects; others are refused. */
const isEverywhere = (call: Call, rule: string): boolean => {
  if (!call.query.has('all_tenants')) return false
  const text = call.query.getAll('all_tenants').at(-1) ?? ''
  if (text !== '' && !booleanWord(text)) return false
  if (!call.isAdmin) throw novaDialect.forbidden(`os_compute_api:servers:${rule}:get_all_tenants`)
  return true
}

const list = (kind: 'index' | 'detail') => (call: Call) => {
  if (call.projectId === '' && rulesOf(call).refusesUnscopedTokens) {
    throw novaDialect.forbidden(`os_compute_api:servers:${kind}`)
  }
  const { limit, marker } = limitAndMarker(call)
  const filter = serverFilter(call)
  const everywhere = isEverywhere(call, kind)
  const sort = order(call)
  if (filter === 'nothing') return ok({ servers: [] })
  const page = pageOf(call, call.store.of(servers), {
    where: {
      name: exactName(call),
      status: onlyStatus(call),
      tag: firstTag(call),
      project: everywhere ? undefined : call.projectId,
    },
    matches: filter,
    reverse: true,
    ...(sort ? { sort } : {}),
    limit,
    marker,
    maxPage,
    unknownMarker: (id) => badRequest(`marker [${id}] not found`),
  })
  const last = page.isFull ? page.items.at(-1) : undefined
  const path = kind === 'detail' ? 'servers/detail' : 'servers'
  const detailed = serverViewer(call, { isInList: true })
  const view = (server: ServerRecord) => (kind === 'detail' ? detailed(server) : basicView(call, server))
  return ok({
    servers: page.items.map(view),
    ...(last ? { servers_links: nextLinks(call, path, last.id) } : {}),
  })
}

/** The one status that a query wants, by which the list is narrowed. */
const onlyStatus = (call: Call): string | undefined => {
  const [status, ...others] = call.query.getAll('status')
  return others.length === 0 ? status?.toLowerCase() : undefined
}

/** A tag that every server of the list has, if the query names one. */
const firstTag = (call: Call): string | undefined => {
  if (!call.microversion.atLeast('2.26')) return undefined
  return call.query.getAll('tags').at(-1)?.split(',')[0]
}

/** `GET /servers` and `GET /servers/detail`: newest first. */
export const listServers = list('index')
export const listServersDetail = list('detail')
