import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { controlServices, hostService } from './host-services.ts'
import { zonesByAvailability, zonesOf } from './zones.ts'

const unavailableZone = (zoneName: string) => ({ zoneName, zoneState: { available: false }, hosts: null })

const list = (call: Call) => {
  const { available, unavailable } = zonesByAvailability(call.context)
  return ok({
    availabilityZoneInfo: [
      ...available.map((zoneName) => ({ zoneName, zoneState: { available: true }, hosts: null })),
      ...unavailable.map(unavailableZone),
    ],
  })
}

const detail = (call: Call) => {
  const { context } = call
  const updated_at = isoMicros(Math.floor(call.now / 1000) * 1000)
  const alive = { available: true, active: true, updated_at }
  const control = Object.fromEntries(controlServices.map((binary) => [binary, alive]))
  const { available, unavailable } = zonesByAvailability(context)
  const zones = available.map((zoneName) => {
    const enabled = (zonesOf(context)[zoneName] ?? []).filter((host) => !hostService(context, host).disabled)
    const compute = (host: string) => ({ ...alive, available: !hostService(context, host).forced_down })
    return {
      zoneName,
      zoneState: { available: true },
      hosts: Object.fromEntries(enabled.map((host) => [host, { 'nova-compute': compute(host) }])),
    }
  })
  const internal = { zoneName: 'internal', zoneState: { available: true }, hosts: { controller: control } }
  return ok({ availabilityZoneInfo: [internal, ...zones, ...unavailable.map(unavailableZone)] })
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
