import type { FakeOpenStack } from 'fake-openstack'

/** Kinds of the fake's state, and what `leftovers` calls them. */
const kinds = {
  servers: 'server',
  ports: 'port',
  volumes: 'volume',
  snapshots: 'snapshot',
  images: 'image',
  server_groups: 'server group',
  floatingips: 'floating IP',
  networks: 'network',
  subnets: 'subnet',
  members: 'pool member',
} as const

/** Everything in the cloud as `kind id`, with what matters of its state. */
export type Inventory = ReadonlyMap<string, string>

/** What there is, once everything in progress is complete. */
export function inventoryOf(cloud: FakeOpenStack): Inventory {
  cloud.clock.advance('5m')
  const state = cloud.state()
  const rows = Object.entries(kinds).flatMap(([kind, name]) => {
    const records = state[kind]
    if (records === undefined) throw new Error(`the fake has no ${kind}, but ${Object.keys(state).join(', ')}`)
    return records.flatMap((record) => {
      const field = (key: string) => Reflect.get(record, key)
      if (kind === 'ports' && String(field('device_owner')).startsWith('network:')) return []
      const isUsed =
        kind === 'floatingips' ? field('port_id') !== null : kind === 'ports' ? field('device_id') !== '' : ''
      const mark = Reflect.get(Object(field('metadata')), 'cpi_creation')
      return [
        [
          `${name} ${record.id}`,
          [field('status'), isUsed, mark].map((value) => String(value ?? '')).join(' '),
        ] as const,
      ]
    })
  })
  return new Map(rows)
}

const uuidPattern = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gu

/**
 * The whole state of the project but for times, and with ids numbered in the order in which they appear: two clouds with
 * the same key behave the same. User data is left out; what it names stands beside it.
 */
export function stateKeyOf(cloud: FakeOpenStack): string {
  const state = cloud.state()
  const isLeftOut = (key: string) => /(_at|At)$|^(revision_number|user_data)$/u.test(key)
  const all = [...Object.keys(kinds), 'volume_attachments'].map((kind) => state[kind])
  const text = JSON.stringify(all, (key, value: unknown) => (isLeftOut(key) ? undefined : value))
  const numbers = new Map<string, string>()
  return text.replace(uuidPattern, (uuid) => {
    const number = numbers.get(uuid) ?? `#${numbers.size}`
    numbers.set(uuid, number)
    return number
  })
}

/** What there is beyond `base`. */
export function beyond(base: Inventory, now: Inventory): string[] {
  return [...now.keys()].filter((key) => !base.has(key)).sort()
}

/** What is missing, or in another state than in `base`. */
export function changedFrom(base: Inventory, now: Inventory): string[] {
  return [...base].flatMap(([key, state]) => {
    const seen = now.get(key)
    return seen === state ? [] : [`${key}: ${seen === undefined ? 'gone' : `${seen}, not ${state}`}`]
  })
}

/** How many of each kind and state there are beyond `base`, for comparing runs whose ids differ. */
export function shapeBeyond(base: Inventory, now: Inventory): string {
  const rows = [...now]
    .filter(([key]) => !base.has(key))
    .map(([key, state]) => `${key.slice(0, key.lastIndexOf(' '))} ${state}`)
  return rows.sort().join('; ')
}
