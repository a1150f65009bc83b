import { ApiError, badRequest, forbidden } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { pythonRepr } from '../../../kernel/python-repr.ts'
import { badQuery, booleanWord } from '../query.ts'
import { unmodelledServerFilters } from '../query-keys.ts'
import type { ServerRecord } from '../records.ts'
import { zoneOfHost } from '../zones.ts'
import { addressesOf } from './server-addresses.ts'
import { knownStatuses, statusOf } from './server-status.ts'

/** Makes the test of a filter's value. */
type Filter = (value: string) => (server: ServerRecord) => boolean

/** Nova hands patterns to the database, which compares without case. */
const matches =
  (of: (server: ServerRecord) => string | null): Filter =>
  (value) => {
    const pattern = patternOf(value)
    return (server) => pattern.test(of(server) ?? '')
  }

const isPattern = (text: string): boolean => {
  try {
    return new RegExp(text) instanceof RegExp
  } catch {
    return false // it does not compile: exactly what is asked here
  }
}

/**
 * The name, in small letters, if the filter can match one name only: `^vm-1$`. Such a look-up need not walk through all
 * servers.
 */
export const exactName = (call: Call): string | undefined => {
  const text = call.query.getAll('name').at(-1) ?? ''
  const plain = /^\^((?:[\w -]|\\[.-])+)\$$/.exec(text)?.[1]
  return plain?.replaceAll('\\', '').toLowerCase()
}

const patternOf = (text: string): RegExp => {
  try {
    return new RegExp(text, 'i')
  } catch {
    // What is no pattern is looked for as it is.
    return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'), 'i')
  }
}

const equals =
  (of: (server: ServerRecord) => unknown): Filter =>
  (value) => {
    const wanted = value.toLowerCase()
    return (server) => String(of(server) ?? '').toLowerCase() === wanted
  }

const isTrue = (text: string): boolean => /^(true|t|yes|y|on|1)$/i.test(text)

const isLocked =
  (wanted: boolean): Filter =>
  () =>
  (server) =>
    server.locked === wanted

/** Compares the tags of the filter with those of a server. */
const byTags =
  (test: (wanted: readonly string[], tags: readonly string[]) => boolean): Filter =>
  (value) => {
    const wanted = tagsOf(value)
    return (server) => test(wanted, server.tags)
  }

const tagsOf = (text: string): string[] => text.split(',')

const hasAll = (wanted: readonly string[], tags: readonly string[]): boolean =>
  wanted.every((tag) => tags.includes(tag))

const hasAny = (wanted: readonly string[], tags: readonly string[]): boolean => wanted.some((tag) => tags.includes(tag))

/** Filters that all may use, by the microversion that has them. */
const forAll: Readonly<Record<string, { since: string; filter: (call: Call) => Filter }>> = {
  reservation_id: { since: '2.1', filter: () => equals((r) => r.reservation_id) },
  name: { since: '2.1', filter: () => matches((r) => r.name) },
  image: { since: '2.1', filter: () => equals((r) => r.image_id) },
  flavor: { since: '2.1', filter: () => equals((r) => r.flavor.id) },
  ip: { since: '2.1', filter: (call) => hasAddress(call, 4) },
  ip6: { since: '2.5', filter: (call) => hasAddress(call, 6) },
  tags: { since: '2.26', filter: () => byTags(hasAll) },
  'tags-any': { since: '2.26', filter: () => byTags(hasAny) },
  'not-tags': { since: '2.26', filter: () => byTags((wanted, tags) => !hasAll(wanted, tags)) },
  'not-tags-any': { since: '2.26', filter: () => byTags((wanted, tags) => !hasAny(wanted, tags)) },
  locked: { since: '2.73', filter: (call) => isLocked(booleanWord(call.query.getAll('locked').at(-1) ?? '')) },
  availability_zone: { since: '2.83', filter: (call) => equals((r) => zoneOf(call, r)) },
  config_drive: { since: '2.83', filter: () => (text) => (r) => r.config_drive === isTrue(text) },
  key_name: { since: '2.83', filter: () => equals((r) => r.key_name) },
  power_state: { since: '2.83', filter: () => equals((r) => r.power_state) },
  task_state: { since: '2.83', filter: () => equals((r) => r.task_state) },
  vm_state: { since: '2.83', filter: () => equals((r) => r.vm_state) },
  progress: { since: '2.83', filter: () => equals(() => 0) },
  user_id: { since: '2.83', filter: () => equals((r) => r.user_id) },
  hostname: { since: '2.90', filter: () => matches((r) => r.hostname) },
}

/** Filters that admins may use at any microversion. */
const forAdmins: Readonly<Record<string, (call: Call) => Filter>> = {
  project_id: () => equals((r) => r.project_id),
  tenant_id: () => equals((r) => r.project_id),
  host: () => equals((r) => r.host),
  node: () => equals((r) => r.host),
  uuid: () => equals((r) => r.id),
  display_name: () => matches((r) => r.name),
  description: () => matches((r) => r.description),
  display_description: () => matches((r) => r.description),
  launch_index: () => equals((r) => r.launch_index),
  image_ref: () => equals((r) => r.image_id),
  root_device_name: () => equals((r) => r.root_device_name),
  access_ip_v4: () => equals((r) => r.access_ip_v4),
  access_ip_v6: () => equals((r) => r.access_ip_v6),
}

const hasAddress =
  (call: Call, version: 4 | 6): Filter =>
  (text) => {
    const pattern = patternOf(text)
    return (server) =>
      Object.values(addressesOf(call.context, server))
        .flat()
        .some((one) => one.version === version && pattern.test(one.addr))
  }

const zoneOf = (call: Call, server: ServerRecord): string | null =>
  (server.host === null ? undefined : zoneOfHost(call.context, server.host)) ?? server.requested_zone

/** Columns of other tables, by which no list can be filtered. */
const joined = [
  'block_device_mapping',
  'services',
  'metadata',
  'system_metadata',
  'info_cache',
  'security_groups',
  'pci_devices',
]

const epoch = (call: Call, name: string): number | undefined => {
  const text = call.query.get(name)
  if (text === null) return undefined
  const time = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(time)) throw badQuery(name, text, `${pythonRepr(text)} is not a 'date-time'`)
  return time
}

/**
 * The filters of a list of servers; `nothing` when no server can match. Filters that a caller may not use are ignored,
 * as Nova does before 2.75.
 */
export const serverFilter = (call: Call): ((server: ServerRecord) => boolean) | 'nothing' => {
  const { query, microversion: version, isAdmin } = call
  for (const name of joined) if (isAdmin && query.has(name)) throw badRequest(`Invalid filter field: ${name}.`)
  for (const name of ['name', 'ip', 'ip6']) {
    const bad = query.getAll(name).find((text) => !isPattern(text))
    if (bad !== undefined) throw badQuery(name, bad, `${pythonRepr(bad)} is not a 'regex'`)
  }
  const tests: ((server: ServerRecord) => boolean)[] = []
  const statuses = query.getAll('status').map((status) => status.toLowerCase())
  if (statuses.length > 0) {
    if (!statuses.some((status) => knownStatuses.has(status))) {
      if (version.atLeast('2.38')) throw badRequest('Invalid status value')
      return 'nothing'
    }
    if (statuses.every((status) => status === 'deleted') && !isAdmin) {
      throw forbidden('Only administrators may list deleted instances')
    }
    tests.push((server) => statuses.includes(statusOf(server).toLowerCase()))
  }
  const since = epoch(call, 'changes-since')
  const before = version.atLeast('2.66') ? epoch(call, 'changes-before') : undefined
  if (since !== undefined && before !== undefined && since > before) {
    throw badRequest('The value of changes-since must be less than or equal to changes-before.')
  }
  if (since !== undefined) tests.push((server) => server.updated_at >= since)
  if (before !== undefined) tests.push((server) => server.updated_at <= before)
  const wantsDeleted = isAdmin && (isTrue(query.get('deleted') ?? '') || statuses.includes('deleted'))
  if (wantsDeleted) tests.push((server) => server.vm_state === 'deleted')
  else if (since === undefined && before === undefined) tests.push((server) => server.vm_state !== 'deleted')
  for (const name of new Set(query.keys())) {
    const known = forAll[name]
    const make =
      known && (isAdmin || version.atLeast(known.since)) ? known.filter : isAdmin ? forAdmins[name] : undefined
    const value = query.getAll(name).at(-1)
    if (isAdmin && unmodelledServerFilters.includes(name)) {
      throw new ApiError(501, `The fake does not model the filter ${name} of servers.`, { isOutsideApi: true })
    }
    if (!make || value === undefined) continue
    tests.push(make(call)(value))
  }
  return (server) => tests.every((test) => test(server))
}
