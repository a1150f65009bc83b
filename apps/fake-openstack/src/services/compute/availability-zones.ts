import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { controlServices } from './hosts.ts'
import { zonesOf } from './zones.ts'

const list = (call: Call) =>
  ok({
    availabilityZoneInfo: Object.keys(zonesOf(call.context)).map((zoneName) => ({
      zoneName,
      zoneState: { available: true },
      hosts: null,
    })),
  })

const detail = (call: Call) => {
  const alive = { available: true, active: true, updated_at: isoMicros(Math.floor(call.now / 1000) * 1000) }
  const control = Object.fromEntries(controlServices.map((binary) => [binary, alive]))
  const zones = Object.entries(zonesOf(call.context)).map(([zoneName, hosts]) => ({
    zoneName,
    zoneState: { available: true },
    hosts: Object.fromEntries(hosts.map((host) => [host, { 'nova-compute': alive }])),
  }))
  const internal = { zoneName: 'internal', zoneState: { available: true }, hosts: { controller: control } }
  return ok({ availabilityZoneInfo: [internal, ...zones] })
}

/** https://docs.openstack.org/api-ref/compute/#availability-zones-os-availability-zone */
export const availabilityZoneRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-availability-zone', operation: 'availability-zones.list', handle: list },
  {
    method: 'GET',
    path: '/os-availability-zone/detail',
    operation: 'availability-zones.list-detail',
    access: { admin: 'os_compute_api:os-availability-zone:detail' },
    handle: detail,
  },
]
