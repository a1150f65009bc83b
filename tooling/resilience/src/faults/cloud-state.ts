import type { FakeOpenStack } from 'fake-openstack'

/** Existing resources, in a form in which two runs can be compared: kind to records, each as sorted text. */
export type CloudState = ReadonlyMap<string, readonly string[]>

/** Bookkeeping of the cloud about requests, not resources. */
const unwatchedKinds = new Set(['tokens', 'instance_actions'])
/** `cpi_creation` records the progress of the CPI; calls that meet a finished object may update it. */
const unwatchedFields = new Set([
  'cpi_creation',
  'number',
  'revision_number',
  'deleted_at',
  'guest', // what the guest's kernel remembers of disks, which a detach does not change
  'admin_pass',
  'reservation_id',
])

const uuid = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b[0-9a-f]{32}\b/g
const time = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g
/** Numbers from here on are times, in epoch milliseconds. */
const firstMoment = Date.parse('2020-01-01T00:00:00Z')
const mac = /\bfa:16:3e(:[0-9a-f]{2}){3}\b/g

/**
 * Reads the state of the cloud. Ids that were there before keep their names; what is new is told by its kind only, for its ids,
 * hardware addresses and times differ from run to run.
 */
export function readCloudState(cloud: FakeOpenStack, known: ReadonlySet<string>): CloudState {
  const state = cloud.state()
  const kindOf = new Map(
    Object.entries(state).flatMap(([kind, records]) => records.map(({ id }) => [id, kind] as const)),
  )
  const found = new Map<string, readonly string[]>()
  const attachments = new Set((state['volume_attachments'] ?? []).map(({ id }) => id))
  for (const [kind, records] of presentRecords(cloud)) {
    found.set(
      kind,
      records
        .map((record) => nameless(JSON.stringify(attachedOnly(record, attachments), withoutNoise), known, kindOf))
        .toSorted(),
    )
  }
  return found
}

/** Without times, and without the ids and hardware addresses that were not there before: they differ from run to run. */
export const nameless = (text: string, known: ReadonlySet<string>, kindOf?: ReadonlyMap<string, string>): string =>
  text
    .replace(uuid, (id) => (known.has(id) ? id : `<${kindOf?.get(id) ?? 'id'}>`))
    .replace(time, '<time>')
    .replace(mac, (address) => (known.has(address) ? address : '<mac>'))

/** A server's list of disks may name some that are detached already; the API does not show them. */
function attachedOnly(record: object, attachments: ReadonlySet<string>): object {
  const disks: unknown = Reflect.get(record, 'disks')
  if (!Array.isArray(disks)) return record
  const isAttached = ({ attachment_id: id }: { attachment_id?: string | null }) => !id || attachments.has(id)
  return { ...record, disks: disks.filter(isAttached) }
}

/** What is there, by kind, without the cloud's own bookkeeping. */
export function presentRecords(cloud: FakeOpenStack) {
  return Object.entries(cloud.state())
    .filter(([kind]) => !unwatchedKinds.has(kind))
    .map(([kind, records]) => [kind, records.filter((record) => !isRemembered(record))] as const)
}

/** Nova shows a deleted server for a while; it is not there any more (driver spec §7.6). */
const isRemembered = (record: object): boolean => Reflect.get(record, 'vm_state') === 'deleted'

/** Ids and hardware addresses of everything there is. */
export function knownNames(cloud: FakeOpenStack): ReadonlySet<string> {
  const text = JSON.stringify(cloud.state())
  return new Set([...text.matchAll(uuid), ...text.matchAll(mac)].map(([name]) => name))
}

function withoutNoise(key: string, value: unknown): unknown {
  if (unwatchedFields.has(key)) return undefined
  if (typeof value === 'number' && value > firstMoment) return '<time>'
  // User data holds the hardware addresses and the server's name.
  if (key === 'user_data' && typeof value === 'string') return Buffer.from(value, 'base64').toString('utf8')
  return value
}

/**
 * What is different, record by record: `+ ports {…}` is too much, `- ports {…}` is missing, and `~ ports` has other
 * values in some fields.
 * @param ignored fields that may differ
 */
export function differences(wanted: CloudState, seen: CloudState, ignored: readonly string[] = []): readonly string[] {
  const lines: string[] = []
  for (const kind of new Set([...wanted.keys(), ...seen.keys()])) {
    const missing = [...(wanted.get(kind) ?? [])]
    const extra = (seen.get(kind) ?? []).filter((record) => {
      const at = missing.indexOf(record)
      if (at >= 0) missing.splice(at, 1)
      return at < 0
    })
    for (const record of extra) {
      const at = missing.findIndex((other) => idOf(other) === idOf(record))
      const [other] = at < 0 ? [] : missing.splice(at, 1)
      if (other === undefined) lines.push(`+ ${kind} ${record}`)
      else {
        const changed = changedFields(other, record).filter((field) => !ignored.includes(field))
        if (changed.length > 0) lines.push(`~ ${kind} ${described(other, record, changed)}`)
      }
    }
    for (const record of missing) lines.push(`- ${kind} ${record}`)
  }
  return lines
}

const read = (record: string): Readonly<Record<string, unknown>> => JSON.parse(record)

const idOf = (record: string): unknown => read(record)['id']

function changedFields(wanted: string, seen: string): readonly string[] {
  const [old, now] = [read(wanted), read(seen)]
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].filter(
    (field) => JSON.stringify(old[field]) !== JSON.stringify(now[field]),
  )
}

function described(wanted: string, seen: string, fields: readonly string[]): string {
  const [old, now] = [read(wanted), read(seen)]
  const shown = fields.map((field) => `${field}: ${JSON.stringify(old[field])} -> ${JSON.stringify(now[field])}`)
  return `${String(old['id'])} ${shown.join(', ')}`
}

/** How many of each kind are there. */
export function counts(found: CloudState): ReadonlyMap<string, number> {
  return new Map([...found].map(([kind, records]) => [kind, records.length]))
}

/**
 * The whole state but for times, and with ids numbered in the order in which they appear: two clouds with the same key
 * behave the same.
 */
export function stateKeyOf(cloud: FakeOpenStack): string {
  const numbers = new Map<string, string>()
  const text = JSON.stringify(presentRecords(cloud), (key, value: unknown) =>
    key === 'cpi_creation' ? value : withoutNoise(key, value),
  )
  return text.replace(time, '<time>').replace(uuid, (id) => {
    const number = numbers.get(id) ?? `#${numbers.size}`
    numbers.set(id, number)
    return number
  })
}
