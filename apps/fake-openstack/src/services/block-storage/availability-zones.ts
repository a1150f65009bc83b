import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

const list = (call: Call) =>
  ok({
    availabilityZoneInfo: call.context.settings.volumeZones.map((zoneName) => ({
      zoneName,
      zoneState: { available: true },
    })),
  })

/** https://docs.openstack.org/api-ref/block-storage/v3/#availability-zones-os-availability-zone */
export const availabilityZoneRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-availability-zone', operation: 'availability-zones.list', handle: list },
  {
    method: 'GET',
    path: '/os-availability-zone/detail',
    operation: 'availability-zones.detail',
    handle: () => {
      throw notFound('The resource could not be found.')
    },
  },
]
