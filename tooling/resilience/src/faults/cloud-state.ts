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
  const idsOf = (kind: string) => (state[kind] ?? []).map(({ id }) => [id, kind] as const)
  const kindOf = new Map(Object.keys(state).flatMap(idsOf))
  const textOf = (record: object): string =>
    nameless(JSON.stringify(attachedOnly(record, kindOf), withoutNoise), known, kindOf)
  return new Map(presentRecords(cloud).map(([kind, records]) => [kind, records.map(textOf).toSorted()]))
}

/** Without times, and without the ids and hardware addresses that were not there before: they differ from run to run. */
export const nameless = (text: string, known: ReadonlySet<string>, kindOf?: ReadonlyMap<string, string>): string =>
  text
    .replace(uuid, (id) => (known.has(id) ? id : `<${kindOf?.get(id) ?? 'id'}>`))
    .replace(time, '<time>')
    .replace(mac, (address) => (known.has(address) ? address : '<mac>'))

/** A server's list of disks may name some that are detached already; the API does not show them. */
function attachedOnly(record: object, kindOf: ReadonlyMap<string, string>): object {
  const disks: unknown = Reflect.get(record, 'disks')
  if (!Array.isArray(disks)) return record
  const isAttached = ({ attachment_id: id }: { attachment_id?: string | null }) =>
    !id || kindOf.get(id) === 'volume_attachments'
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
  const kinds = new Set([...wanted.keys(), ...seen.keys()])
  return [...kinds].flatMap((kind) => {
    const missing = [...(wanted.get(kind) ?? [])]
    const take = (isIt: (record: string) => boolean): string | undefined => {
      const at = missing.findIndex(isIt)
      return at < 0 ? undefined : missing.splice(at, 1)[0]
    }
    const extra = (seen.get(kind) ?? []).filter((record) => take((other) => other === record) === undefined)
    const lines = extra.flatMap((record) => {
      const { id } = read(record)
      const other = take((one) => read(one)['id'] === id)
      if (other === undefined) return [`+ ${kind} ${record}`]
      const changes = changesOf(read(other), read(record), ignored)
      return changes.length === 0 ? [] : [`~ ${kind} ${id} ${changes.join(', ')}`]
    })
    return [...lines, ...missing.map((record) => `- ${kind} ${record}`)]
  })
}

type Fields = Readonly<Record<string, unknown>>

const read = (record: string): Fields => JSON.parse(record)

const changesOf = (old: Fields, now: Fields, ignored: readonly string[]): readonly string[] =>
  [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .filter((field) => !ignored.includes(field))
    .map((field) => [field, JSON.stringify(old[field]), JSON.stringify(now[field])])
    .filter(([, before, after]) => before !== after)
    .map(([field, before, after]) => `${field}: ${before} -> ${after}`)

/** Whether there are more of some kind than in the other state. */
export const hasMore = (seen: CloudState, than: CloudState): boolean =>
  [...seen].some(([kind, records]) => records.length > (than.get(kind)?.length ?? 0))

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
