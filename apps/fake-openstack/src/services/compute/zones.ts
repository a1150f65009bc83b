import type { CloudContext } from '../../kernel/cloud-context.ts'
import { hostService } from './host-services.ts'
import { type AggregateRecord, aggregates } from './records.ts'

type Zones = Readonly<Record<string, readonly string[]>>

/** The zone of hosts that are in no aggregate with a zone (`default_availability_zone`). */
const defaultZone = 'nova'

/** The aggregates of the seed: each of its zones besides the default one. Their ids are in front of all others. */
export const seedAggregates = (context: CloudContext): { id: number; zone: string; hosts: readonly string[] }[] =>
  Object.entries(context.settings.computeZones)
    .filter(([zone]) => zone !== defaultZone)
    .map(([zone, hosts], n) => ({ id: n + 1, zone, hosts }))

/** Hosts by availability zone: those of the seed, and what aggregates with a zone have made of them. */
export const zonesOf = (context: CloudContext): Zones => {
  const zoned = context.store
    .of(aggregates)
    .all()
    .filter((one) => zoneOf(one) !== undefined && one.hosts.length > 0)
  if (zoned.length === 0) return context.settings.computeZones
  const zones = new Map(Object.entries(context.settings.computeZones))
  for (const aggregate of zoned) {
    const zone = zoneOf(aggregate) ?? defaultZone
    for (const [name, hosts] of zones) {
      if (name !== zone)
        zones.set(
          name,
          hosts.filter((host) => !aggregate.hosts.includes(host)),
        )
    }
    zones.set(zone, [...new Set([...(zones.get(zone) ?? []), ...aggregate.hosts])])
  }
  return Object.fromEntries([...zones].filter(([, hosts]) => hosts.length > 0))
}

/** All hosts, each with its zone. */
export const hostsWithZones = (context: CloudContext): { zone: string; host: string }[] =>
  Object.entries(zonesOf(context)).flatMap(([zone, names]) => names.map((host) => ({ zone, host })))

/** The names of the zones that have an enabled host, and of those that have none. */
export const zonesByAvailability = (context: CloudContext): { available: string[]; unavailable: string[] } => {
  const zones = Object.entries(zonesOf(context))
  const isAvailable = (hosts: readonly string[]): boolean => hosts.some((host) => !hostService(context, host).disabled)
  return {
    available: zones.filter(([, hosts]) => isAvailable(hosts)).map(([zone]) => zone),
    unavailable: zones.filter(([, hosts]) => !isAvailable(hosts)).map(([zone]) => zone),
  }
}

/** The zone that an aggregate gives its hosts, if any. */
export const zoneOf = (aggregate: Pick<AggregateRecord, 'metadata'>): string | undefined =>
  aggregate.metadata['availability_zone']

/** Zone of a host, or undefined. */
export const zoneOfHost = (context: CloudContext, host: string): string | undefined =>
  Object.entries(zonesOf(context)).find(([, hosts]) => hosts.includes(host))?.[0]
