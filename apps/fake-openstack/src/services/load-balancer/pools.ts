import { ApiError, badRequest, conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { created } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import {
  anything,
  boolean,
  type Fields,
  invalid,
  oneOf,
  postValues,
  readPost,
  text,
  textList,
  uuid,
  type Values,
} from './fields.ts'
import { checkProtocols } from './listener-checks.ts'
import { getListener } from './listeners.ts'
import { storeMember } from './member-operations.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonFilters, commonView, mustGet } from './octavia-resource.ts'
import { beginChange, beginPoolChange, listenersOf } from './provisioning.ts'
import { unmodelledPoolKeys } from './query-keys.ts'
import {
  healthMonitors,
  type LoadBalancerRecord,
  listeners,
  loadBalancers,
  members,
  type PoolRecord,
  pools,
  type SessionPersistence,
} from './records.ts'
import { type Kind, pendingDelete, removalOf, resourceRoutes, updateOf } from './resource-routes.ts'

const fields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  description: { read: text(), put: true, fallback: '' },
  admin_state_up: { read: boolean, put: true, fallback: true },
  listener_id: { read: uuid },
  loadbalancer_id: { read: uuid },
  protocol: { read: oneOf('HTTP', 'HTTPS', 'TCP', 'PROXY', 'UDP', 'PROXYV2', 'SCTP'), isRequired: true },
  lb_algorithm: {
    read: oneOf('ROUND_ROBIN', 'LEAST_CONNECTIONS', 'SOURCE_IP_PORT', 'SOURCE_IP'),
    put: true,
    isRequired: true,
  },
  session_persistence: { read: sessionPersistence, put: true },
  project_id: { read: text() },
  tenant_id: { read: text() },
  healthmonitor: { read: anything },
  members: { read: anything },
  tls_container_ref: { read: text(), put: true },
  ca_tls_container_ref: { read: text(), put: true },
  crl_container_ref: { read: text(), put: true },
  tls_enabled: { read: boolean, put: true, fallback: false },
  tls_ciphers: { read: text(2048), put: true },
  tls_versions: { read: textList, put: true },
  alpn_protocols: { read: textList, put: true },
  tags: { read: textList, put: true, fallback: [] },
}

const form = {
  argument: 'pool_',
  root: 'pool',
  fields,
  type: 'PoolRootPOST',
  firstRead: 'loadbalancer_id',
  firstChanged: 'tls_versions',
}

export const poolView = (call: Call, record: PoolRecord): Record<string, unknown> => {
  const monitor = call.store.of(healthMonitors).find({ pool: record.id })
  return {
    ...commonView(record),
    name: record.name,
    description: record.description,
    protocol: record.protocol,
    lb_algorithm: record.lb_algorithm,
    session_persistence: record.session_persistence,
    loadbalancers: [{ id: record.load_balancer_id }],
    listeners: listenersOf(call, record.id).map((id) => ({ id })),
    ...(monitor ? { healthmonitor_id: monitor.id } : {}),
    members: call.store
      .of(members)
      .where({ pool: record.id })
      .map(({ id }) => ({ id })),
    tls_container_ref: null,
    ca_tls_container_ref: null,
    crl_container_ref: null,
    tls_enabled: record.tls_enabled,
    tls_ciphers: null,
    tls_versions: null,
    alpn_protocols: null,
  }
}

const kind: Kind<PoolRecord, 'name' | 'project' | 'loadBalancer'> = {
  title: 'Pool',
  plural: 'pools',
  collection: pools,
  view: poolView,
  indexes: { name: 'name', loadbalancer_id: 'loadBalancer', load_balancer_id: 'loadBalancer' },
  filterable: [...commonFilters, 'protocol', 'lb_algorithm', 'tls_enabled'],
  unmodelled: unmodelledPoolKeys,
  path: '/pools',
  form,
  find: (call, id = call.param('id')) => getPool(call, id),
}

/** A pool of the caller's; 404 or 403 otherwise. */
export const getPool = (call: Call, id: string): PoolRecord => mustGet(call, kind, id)

const create = (call: Call): Reply => {
  const values = readPost(call, form)
  const listenerId = values.get<string | null>('listener_id')
  const loadBalancerId = values.get<string | null>('loadbalancer_id')
  if (listenerId === null && loadBalancerId === null) {
    throw badRequest('Validation failure: Must provide at least one of: loadbalancer_id, listener_id')
  }
  // Octavia looks for the listener's load balancer before it looks whether there is a listener.
  if (listenerId !== null && !call.store.of(listeners).has(listenerId)) {
    throw new ApiError(500, "'NoneType' object has no attribute 'load_balancer_id'")
  }
  const listener = listenerId === null ? undefined : getListener(call, listenerId)
  const id = loadBalancerId ?? listener?.load_balancer_id ?? ''
  const loadBalancer = mustGet(call, { title: 'Load Balancer', collection: loadBalancers }, id)
  if (listener) {
    checkProtocols(listener.protocol, values.get<string>('protocol'))
    if (listener.default_pool_id !== null) throw conflict('This listener already has a default pool')
  }
  beginChange(
    call,
    { loadBalancerId: loadBalancer.id, listenerIds: listener ? [listener.id] : [] },
    { what: 'Load Balancer', id: loadBalancer.id },
  )
  const pool = store(call, loadBalancer, values)
  if (listener) call.store.of(listeners).update(listener.id, { default_pool_id: pool.id })
  return created({ pool: poolView(call, pool) })
}

/** Adds a pool that comes with its load balancer, together with its members. */
export const addPool = (call: Call, loadBalancer: LoadBalancerRecord, sent: Record<string, unknown>): PoolRecord => {
  const values = postValues(sent, form, call.rawJson)
  const pool = store(call, loadBalancer, values)
  const wanted = values.get<unknown>('members')
  for (const member of Array.isArray(wanted) ? wanted.filter(isObject) : []) storeMember(call, pool, member)
  return pool
}

const store = (call: Call, loadBalancer: LoadBalancerRecord, values: Values): PoolRecord => {
  checkQuota(call, pools, { name: 'pool', title: 'Pool' }, loadBalancer.project_id)
  return call.store.of(pools).insert({
    ...newRecord(call, values, loadBalancer.project_id),
    load_balancer_id: loadBalancer.id,
    name: values.get<string>('name'),
    description: values.get<string>('description'),
    protocol: values.get<string>('protocol'),
    lb_algorithm: values.get<string>('lb_algorithm'),
    session_persistence: values.get<SessionPersistence | null>('session_persistence'),
    tls_enabled: values.get<boolean>('tls_enabled'),
  })
}

const updatable = [
  'name',
  'description',
  'admin_state_up',
  'lb_algorithm',
  'session_persistence',
  'tls_enabled',
  'tags',
]

const begin = (call: Call, pool: PoolRecord): void => beginPoolChange(call, pool, 'Load Balancer')

/** Pools. https://docs.openstack.org/api-ref/load-balancer/v2/#pools */
export const poolRoutes: Route[] = resourceRoutes(kind, {
  create,
  update: updateOf(kind, { updatable, begin }),
  remove: removalOf(kind, {
    begin,
    below: ({ store }, pool) => {
      for (const one of store.of(listeners).where({ defaultPool: pool.id })) {
        store.of(listeners).update(one.id, { default_pool_id: null })
      }
      for (const one of store.of(members).where({ pool: pool.id })) store.of(members).update(one.id, pendingDelete)
      for (const one of store.of(healthMonitors).where({ pool: pool.id })) {
        store.of(healthMonitors).update(one.id, pendingDelete)
      }
    },
  }),
})

function sessionPersistence(name: string, value: unknown): SessionPersistence {
  const kinds = ['SOURCE_IP', 'HTTP_COOKIE', 'APP_COOKIE']
  if (!isObject(value)) throw invalid(name, value, `unable to convert to ${name}`)
  const { type, cookie_name = null, persistence_timeout = null, persistence_granularity = null } = value
  if (typeof type !== 'string' || !kinds.includes(type)) {
    throw invalid('type', type ?? null, `Value should be one of: ${kinds.join(', ')}`)
  }
  return {
    type,
    cookie_name: cookie_name === null ? null : String(cookie_name),
    persistence_timeout: persistence_timeout === null ? null : Number(persistence_timeout),
    persistence_granularity: persistence_granularity === null ? null : String(persistence_granularity),
  }
}
