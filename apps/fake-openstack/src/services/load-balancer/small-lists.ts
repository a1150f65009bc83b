import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'

const providers = [
  { name: 'amphora', description: 'The noop amphora driver' },
  { name: 'octavia', description: 'An alias of amphora' },
]

/** Providers, and what a tenant of this cloud has none of. */
export const smallListRoutes: Route[] = [
  { method: 'GET', path: '/providers', operation: 'providers.list', handle: () => ok({ providers }) },
  {
    method: 'GET',
    path: '/flavors',
    operation: 'flavors.list',
    handle: () => ok({ flavors: [], flavors_links: [] }),
  },
  {
    method: 'GET',
    path: '/availabilityzones',
    operation: 'availability_zones.list',
    handle: () => ok({ availability_zones: [], availability_zones_links: [] }),
  },
]
