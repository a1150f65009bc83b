import { ApiError } from '../../kernel/api-error.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import type { Attributes } from './attribute.ts'
import { readFilters } from './list.ts'
import { networks, subnets } from './records.ts'

const tagKeys = ['tags', 'tags-any', 'not-tags', 'not-tags-any']
const commonKeys = ['description', 'revision_number']

/** What a list accepts as a filter, beside the keys that order and limit it. */
const filtersOf = (...names: readonly string[]): Attributes =>
  Object.fromEntries(names.map((name) => [name, { filter: true as const }]))

/** Things that a tenant of this cloud has none of and may list: path, key and filters. */
const empty: readonly (readonly [path: string, key: string, filters: Attributes])[] = [
  [
    'agents',
    'agents',
    filtersOf(
      'admin_state_up',
      'agent_type',
      'alive',
      'availability_zone',
      'binary',
      'description',
      'host',
      'id',
      'topic',
    ),
  ],
  ['availability_zones', 'availability_zones', filtersOf('name', 'resource', 'state')],
  [
    'rbac-policies',
    'rbac_policies',
    filtersOf('id', 'object_type', 'object_id', 'target_tenant', 'action', 'tenant_id', 'project_id'),
  ],
  [
    'trunks',
    'trunks',
    filtersOf('admin_state_up', 'id', 'name', 'port_id', 'tenant_id', 'project_id', ...tagKeys, ...commonKeys),
  ],
  ['address-scopes', 'address_scopes', filtersOf('id', 'ip_version', 'name', 'shared', 'tenant_id', 'project_id')],
  ['address-groups', 'address_groups', filtersOf('description', 'id', 'name', 'tenant_id', 'project_id')],
  ['flavors', 'flavors', filtersOf('description', 'enabled', 'id', 'name', 'service_type')],
  [
    'network-ip-availabilities',
    'network_ip_availabilities',
    filtersOf('ip_version', 'network_id', 'network_name', 'tenant_id', 'project_id'),
  ],
]

/** Lists that follow, for an administrator, from networks and subnets, and that the fake does not compute. */
const computed = ['rbac_policies', 'network_ip_availabilities']

const routerProviders = ['dvrha', 'dvr', 'ha', 'single_node']

export const smallListRoutes: Route[] = [
  ...empty.map(
    ([path, key, filters]): Route => ({
      method: 'GET',
      path: `/${path}`,
      operation: `${key}.list`,
      handle: (call) => {
        readFilters(call, filters)
        if (call.isAdmin && computed.includes(key)) {
          throw new ApiError(501, `The fake does not model the list of ${key} for administrators.`)
        }
        return ok({ [key]: [] })
      },
    }),
  ),
  {
    method: 'GET',
    path: '/service-providers',
    operation: 'service_providers.list',
    handle: () =>
      ok({
        service_providers: routerProviders.map((name) => ({ service_type: 'L3_ROUTER_NAT', name, default: false })),
      }),
  },
  {
    method: 'GET',
    path: '/floatingip_pools',
    operation: 'floatingip_pools.list',
    handle: (call) => {
      readFilters(call, {})
      const external = call.store
        .of(networks)
        .where({ public: 'yes' })
        .filter((network) => network['router:external'])
      const pools = external.flatMap((network) => call.store.of(subnets).where({ network: network.id }))
      return ok({
        floatingip_pools: pools
          .filter((subnet) => subnet.ip_version === 4)
          .map((subnet) => ({
            subnet_id: subnet.id,
            subnet_name: subnet.name,
            tenant_id: call.projectId,
            project_id: call.projectId,
            network_id: subnet.network_id,
            cidr: subnet.cidr,
          })),
      })
    },
  },
]
