import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Attributes } from './attribute.ts'
import { readFilters } from './list.ts'

/** Neutron fails over a change of any of these. */
export const zoneAttributes: Attributes = {
  name: { put: true, filter: true },
  resource: { put: true, filter: true },
  state: { put: true, filter: true },
}

/** The zone of the agents that a Neutron has at least: one for DHCP, one for routers. */
const zones = ['router', 'network'].map((resource) => ({ name: 'nova', resource, state: 'available' }))

/** https://docs.openstack.org/api-ref/network/v2/#list-all-availability-zones */
export const listZones = (call: Call) => {
  const filters = [...readFilters(call, zoneAttributes)]
  const found = zones.filter((zone) =>
    filters.every(([key, values]) => values.includes(String(new Map<string, unknown>(Object.entries(zone)).get(key)))),
  )
  return ok({ availability_zones: found })
}
