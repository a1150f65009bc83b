import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { accepted, created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { address, anything, boolean, type Fields, readPost, text, textList, uuid, type Values } from './fields.ts'
import { checkTemplate } from './flavors.ts'
import { invalidRequest } from './listener-checks.ts'
import { addListener, listenerView } from './listeners.ts'
import { checkQuota, newRecord, ownerOf } from './new-record.ts'
import { commonFilters, commonView, mustGet } from './octavia-resource.ts'
import { addPool, poolView } from './pools.ts'
import { checkProvider } from './providers.ts'
import { createLoadBalancer, deleteLoadBalancer, updateLoadBalancer } from './provisioning.ts'
import { unmodelledLoadBalancerKeys } from './query-keys.ts'
import { type LoadBalancerRecord, listeners, loadBalancers, noTraffic, pools } from './records.ts'
import { invalidState } from './refusals.ts'
import { rulesOf } from './release-rules.ts'
import { type Kind, pendingDelete, resourceRoutes, updateOf } from './resource-routes.ts'
import { statusTree } from './status-tree.ts'
import { placeVip } from './vip.ts'

const fields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  description: { read: text(), put: true, fallback: '' },
  admin_state_up: { read: boolean, put: true, fallback: true },
  vip_address: { read: address },
  vip_port_id: { read: uuid },
  vip_subnet_id: { read: uuid },
  vip_network_id: { read: uuid },
  vip_qos_policy_id: { read: uuid, put: true },
  additional_vips: { read: anything },
  project_id: { read: text() },
  tenant_id: { read: text() },
  provider: { read: text() },
  flavor_id: { read: uuid },
  availability_zone: { read: text() },
  listeners: { read: anything },
  pools: { read: anything },
  tags: { read: textList, put: true, fallback: [] },
}

const form = {
  argument: 'load_balancer',
  root: 'loadbalancer',
  fields,
  type: 'LoadBalancerRootPOST',
  firstChanged: 'vip_qos_policy_id',
}

export const loadBalancerView = (call: Call, record: LoadBalancerRecord): Record<string, unknown> => ({
  ...commonView(record),
  name: record.name,
  description: record.description,
  vip_address: record.vip_address,
  vip_port_id: record.vip_port_id,
  vip_subnet_id: record.vip_subnet_id,
  vip_network_id: record.vip_network_id,
  vip_qos_policy_id: null,
  additional_vips: [],
  listeners: idsOf(call.store.of(listeners).where({ loadBalancer: record.id })),
  pools: idsOf(call.store.of(pools).where({ loadBalancer: record.id })),
  provider: record.provider,
  flavor_id: record.flavor_id,
  availability_zone: record.availability_zone,
  ...rulesOf(call).newFields.loadBalancer,
})

const idsOf = (records: readonly { id: string }[]): { id: string }[] => records.map(({ id }) => ({ id }))

const kind: Kind<LoadBalancerRecord, 'name' | 'project'> = {
  title: 'Load Balancer',
  plural: 'loadbalancers',
  collection: loadBalancers,
  view: loadBalancerView,
  indexes: { name: 'name' },
  filterable: [
    ...commonFilters,
    'vip_address',
    'vip_port_id',
    'vip_subnet_id',
    'vip_network_id',
    'provider',
    'flavor_id',
    'availability_zone',
  ],
  unmodelled: unmodelledLoadBalancerKeys,
  path: '/loadbalancers',
  form,
  find: (call, id) => get(call, id),
}

const get = (call: Call, id = call.param('id')): LoadBalancerRecord => mustGet(call, kind, id)

const create = (call: Call): Reply => {
  const values = readPost(call, form)
  const projectId = ownerOf(call, values)
  const provider = values.get<string | null>('provider') ?? 'amphora'
  checkProvider(provider)
  const named = ['vip_port_id', 'vip_network_id', 'vip_subnet_id'].some((name) => values.get(name) !== null)
  if (!named) throw invalidRequest('VIP must contain one of: vip_port_id, vip_network_id, vip_subnet_id.')
  const flavor_id = values.get<string | null>('flavor_id')
  const availability_zone = values.get<string | null>('availability_zone')
  if (flavor_id !== null) checkTemplate(call, 'flavor', flavor_id)
  if (availability_zone !== null) checkTemplate(call, 'availability_zone', availability_zone)
  checkQuota(call, loadBalancers, { name: 'load_balancer', title: 'Load Balancer' }, projectId)
  const record = newRecord(call, values, projectId)
  const loadBalancer = call.store.of(loadBalancers).insert({
    ...record,
    name: values.get<string>('name'),
    description: values.get<string>('description'),
    ...placeVip(call, record.id, projectId, values),
    provider: 'amphora',
    flavor_id,
    availability_zone,
  })
  const isWhole = addParts(call, loadBalancer, values)
  call.context.lifecycle.start(createLoadBalancer, loadBalancer.id)
  const view = loadBalancerView(call, loadBalancer)
  return created({ loadbalancer: isWhole ? { ...view, ...wholeView(call, loadBalancer) } : view })
}

/** Pools and listeners that come with the load balancer in one request. */
const addParts = (call: Call, loadBalancer: LoadBalancerRecord, values: Values): boolean => {
  const wantedPools = asObjects(values.get('pools'))
  const wantedListeners = asObjects(values.get('listeners'))
  const byName = new Map<string, string>()
  for (const wanted of wantedPools) {
    const pool = addPool(call, loadBalancer, wanted)
    byName.set(pool.name, pool.id)
  }
  for (const { default_pool, ...wanted } of wantedListeners) {
    const reference = isObject(default_pool) ? default_pool : undefined
    const known = reference && byName.get(String(reference['name']))
    const isReference = reference !== undefined && Object.keys(reference).every((key) => key === 'name')
    const poolId = isReference ? known : reference && addPool(call, loadBalancer, reference).id
    addListener(call, loadBalancer, { ...wanted, ...(poolId === undefined ? {} : { default_pool_id: poolId }) })
  }
  return wantedPools.length + wantedListeners.length > 0
}

const asObjects = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : [])

const wholeView = (call: Call, loadBalancer: LoadBalancerRecord) => ({
  listeners: call.store
    .of(listeners)
    .where({ loadBalancer: loadBalancer.id })
    .map((listener) => listenerView(call, listener)),
  pools: call.store
    .of(pools)
    .where({ loadBalancer: loadBalancer.id })
    .map((pool) => poolView(call, pool)),
})

const remove = (call: Call): Reply => {
  const loadBalancer = get(call)
  const isCascade = ['true', '1', 'yes', 'on', 't', 'y'].includes((call.query.get('cascade') ?? '').toLowerCase())
  const childCount =
    call.store.of(listeners).count('loadBalancer', loadBalancer.id) +
    call.store.of(pools).count('loadBalancer', loadBalancer.id)
  if (!isCascade && childCount > 0) {
    throw invalidRequest(`Cannot delete Load Balancer ${loadBalancer.id} - it has children`)
  }
  mustBe(loadBalancer, ['ACTIVE', 'ERROR'])
  call.store.of(loadBalancers).update(loadBalancer.id, pendingDelete)
  call.context.lifecycle.cancel(loadBalancers, loadBalancer.id)
  call.context.lifecycle.start(deleteLoadBalancer, loadBalancer.id)
  return noContent()
}

/** The provider of the fake has nothing to fail over to: the load balancer is changed, and that is all. */
const failover = (call: Call): Reply => {
  const loadBalancer = get(call)
  if (!call.isAdmin) throw octaviaDialect.forbidden('')
  mustBe(loadBalancer, ['ACTIVE', 'ERROR'])
  call.store.of(loadBalancers).update(loadBalancer.id, { provisioning_status: 'PENDING_UPDATE' })
  call.context.lifecycle.start(updateLoadBalancer, loadBalancer.id)
  return accepted()
}

const mustBe = (loadBalancer: LoadBalancerRecord, states: readonly string[]): void => {
  if (states.includes(loadBalancer.provisioning_status)) return
  throw invalidState(loadBalancer.provisioning_status, loadBalancer.id)
}

/** Load balancers. https://docs.openstack.org/api-ref/load-balancer/v2/#load-balancers */
export const loadBalancerRoutes: Route[] = [
  ...resourceRoutes(kind, {
    create,
    update: updateOf(kind, {
      updatable: ['name', 'description', 'admin_state_up', 'tags'],
      begin: (call, loadBalancer) => {
        mustBe(loadBalancer, ['ACTIVE'])
        call.context.lifecycle.start(updateLoadBalancer, loadBalancer.id)
      },
    }),
    remove,
  }),
  { method: 'PUT', path: '/loadbalancers/:id/failover', operation: 'loadbalancers.failover', handle: failover },
  ...['status', 'statuses'].map(
    (path): Route => ({
      method: 'GET',
      path: `/loadbalancers/:id/${path}`,
      operation: 'loadbalancers.status',
      handle: (call) => ok({ statuses: { loadbalancer: statusTree(call, get(call)) } }),
    }),
  ),
  {
    method: 'GET',
    path: '/loadbalancers/:id/stats',
    operation: 'loadbalancers.stats',
    handle: (call) => {
      get(call)
      return ok({ stats: noTraffic })
    },
  },
]
