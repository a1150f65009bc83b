import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import {
  anything,
  boolean,
  type Fields,
  integer,
  oneOf,
  postValues,
  readPost,
  text,
  textList,
  uuid,
  type Values,
} from './fields.ts'
import { checkPool, checkPort, checkTls, invalidRequest } from './listener-checks.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonFilters, commonView, mustGet } from './octavia-resource.ts'
import { beginChange, beginListenerChange } from './provisioning.ts'
import { unmodelledListenerKeys } from './query-keys.ts'
import {
  type L7PolicyRecord,
  type ListenerRecord,
  type LoadBalancerRecord,
  l7Policies,
  l7Rules,
  listeners,
  loadBalancers,
  noTraffic,
} from './records.ts'
import { rulesOf } from './release-rules.ts'
import { type Kind, pendingDelete, removalOf, resourceRoutes, updateOf } from './resource-routes.ts'

/** Longest timeout: a year, in milliseconds. */
const maxTimeoutMs = 31_536_000_000

const timeout = (fallback: number) => ({ read: integer(0, maxTimeoutMs), put: true, fallback }) as const

const fields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  description: { read: text(), put: true, fallback: '' },
  admin_state_up: { read: boolean, put: true, fallback: true },
  protocol: {
    read: oneOf('PROMETHEUS', 'HTTP', 'TERMINATED_HTTPS', 'HTTPS', 'SCTP', 'TCP', 'UDP'),
    isRequired: true,
  },
  protocol_port: { read: integer(1, 65_535), isRequired: true },
  connection_limit: { read: integer(-1, 1_000_000_000), put: true, fallback: -1 },
  default_tls_container_ref: { read: text(), put: true },
  sni_container_refs: { read: textList, put: true, fallback: [] },
  project_id: { read: text() },
  tenant_id: { read: text() },
  default_pool_id: { read: uuid, put: true },
  default_pool: { read: anything },
  l7policies: { read: anything },
  insert_headers: { read: anything, put: true, fallback: {} },
  loadbalancer_id: { read: uuid },
  timeout_client_data: timeout(50_000),
  timeout_member_connect: timeout(5000),
  timeout_member_data: timeout(50_000),
  timeout_tcp_inspect: timeout(0),
  client_authentication: { read: oneOf('NONE', 'OPTIONAL', 'MANDATORY'), put: true, fallback: 'NONE' },
  client_ca_tls_container_ref: { read: text(), put: true },
  client_crl_container_ref: { read: text(), put: true },
  allowed_cidrs: { read: textList, put: true },
  tls_ciphers: { read: text(2048), put: true },
  tls_versions: { read: textList, put: true },
  alpn_protocols: { read: textList, put: true },
  tags: { read: textList, put: true, fallback: [] },
}

const form = {
  argument: 'listener_',
  root: 'listener',
  fields,
  type: 'ListenerRootPOST',
  firstRead: 'loadbalancer_id',
  noObject: 'Validation failure: No listener object supplied.',
}

export const listenerView = (call: Call, record: ListenerRecord): Record<string, unknown> => ({
  ...commonView(record),
  name: record.name,
  description: record.description,
  protocol: record.protocol,
  protocol_port: record.protocol_port,
  connection_limit: record.connection_limit,
  default_tls_container_ref: record.default_tls_container_ref,
  sni_container_refs: record.sni_container_refs,
  default_pool_id: record.default_pool_id,
  l7policies: call.store
    .of(l7Policies)
    .where({ listener: record.id })
    .map(({ id }) => ({ id })),
  insert_headers: record.insert_headers,
  loadbalancers: [{ id: record.load_balancer_id }],
  timeout_client_data: record.timeout_client_data,
  timeout_member_connect: record.timeout_member_connect,
  timeout_member_data: record.timeout_member_data,
  timeout_tcp_inspect: record.timeout_tcp_inspect,
  client_ca_tls_container_ref: null,
  client_authentication: record.client_authentication,
  client_crl_container_ref: null,
  allowed_cidrs: record.allowed_cidrs,
  tls_ciphers: null,
  tls_versions: null,
  alpn_protocols: null,
  ...rulesOf(call).newFields.listener,
})

const kind: Kind<ListenerRecord, 'name' | 'project' | 'loadBalancer' | 'defaultPool'> = {
  title: 'Listener',
  plural: 'listeners',
  collection: listeners,
  view: listenerView,
  indexes: {
    name: 'name',
    loadbalancer_id: 'loadBalancer',
    load_balancer_id: 'loadBalancer',
    default_pool_id: 'defaultPool',
  },
  filterable: [
    ...commonFilters,
    ...['protocol', 'protocol_port', 'connection_limit', 'default_tls_container_ref', 'client_authentication'],
    ...['timeout_client_data', 'timeout_member_connect', 'timeout_member_data', 'timeout_tcp_inspect'],
  ],
  unmodelled: unmodelledListenerKeys,
  path: '/listeners',
  form,
  find: (call, id = call.param('id')) => getListener(call, id),
}

/** A listener of the caller's; 404 or 403 otherwise. */
export const getListener = (call: Call, id: string): ListenerRecord => mustGet(call, kind, id)

const create = (call: Call): Reply => {
  const values = readPost(call, form)
  const id = values.get<string | null>('loadbalancer_id')
  if (id === null) {
    throw invalidRequest('Missing load balancer ID')
  }
  const loadBalancer = mustGet(call, { title: 'Load Balancer', collection: loadBalancers }, id)
  const poolId = values.get<string | null>('default_pool_id')
  if (poolId !== null) checkPool(call, poolId, values.get<string>('protocol'))
  checkTls(values)
  beginChange(call, { loadBalancerId: loadBalancer.id }, { what: 'Load Balancer', id: loadBalancer.id })
  return created({ listener: listenerView(call, store(call, loadBalancer, values)) })
}

/** Adds a listener that comes with its load balancer. */
export const addListener = (
  call: Call,
  loadBalancer: LoadBalancerRecord,
  sent: Record<string, unknown>,
): ListenerRecord => store(call, loadBalancer, postValues(sent, form, call.rawJson))

const store = (call: Call, loadBalancer: LoadBalancerRecord, values: Values): ListenerRecord => {
  const protocol = values.get<string>('protocol')
  const port = values.get<number>('protocol_port')
  checkQuota(call, listeners, { name: 'listener', title: 'Listener' }, loadBalancer.project_id)
  checkPort(call, loadBalancer.id, protocol, port)
  return call.store.of(listeners).insert({
    ...newRecord(call, values, loadBalancer.project_id),
    load_balancer_id: loadBalancer.id,
    name: values.get<string>('name'),
    description: values.get<string>('description'),
    protocol,
    protocol_port: port,
    connection_limit: values.get<number>('connection_limit'),
    default_pool_id: values.get<string | null>('default_pool_id'),
    default_tls_container_ref: values.get<string | null>('default_tls_container_ref'),
    sni_container_refs: values.get<string[]>('sni_container_refs'),
    insert_headers: values.get<Record<string, string>>('insert_headers'),
    timeout_client_data: values.get<number>('timeout_client_data'),
    timeout_member_connect: values.get<number>('timeout_member_connect'),
    timeout_member_data: values.get<number>('timeout_member_data'),
    timeout_tcp_inspect: values.get<number>('timeout_tcp_inspect'),
    client_authentication: values.get<string>('client_authentication'),
    allowed_cidrs: values.get<string[] | null>('allowed_cidrs'),
  })
}

const updatable = [
  'name',
  'description',
  'admin_state_up',
  'connection_limit',
  'default_tls_container_ref',
  'sni_container_refs',
  'default_pool_id',
  'insert_headers',
  'timeout_client_data',
  'timeout_member_connect',
  'timeout_member_data',
  'timeout_tcp_inspect',
  'client_authentication',
  'allowed_cidrs',
  'tags',
]

/** Listeners. https://docs.openstack.org/api-ref/load-balancer/v2/#listeners */
export const listenerRoutes: Route[] = [
  ...resourceRoutes(kind, {
    create,
    update: updateOf(kind, {
      updatable,
      check: (call, listener, values) => {
        const poolId = values.has('default_pool_id') ? values.get<string | null>('default_pool_id') : null
        if (poolId !== null) checkPool(call, poolId, listener.protocol)
      },
      begin: beginListenerChange,
    }),
    remove: removalOf(kind, {
      begin: beginListenerChange,
      below: (call, listener) => {
        for (const policy of call.store.of(l7Policies).where({ listener: listener.id })) removePolicy(call, policy)
      },
    }),
  }),
  {
    method: 'GET',
    path: '/listeners/:id/stats',
    operation: 'listeners.stats',
    handle: (call) => {
      getListener(call, call.param('id'))
      return ok({ stats: noTraffic })
    },
  },
]

const removePolicy = (call: Call, policy: L7PolicyRecord): void => {
  call.store.of(l7Policies).update(policy.id, pendingDelete)
  for (const rule of call.store.of(l7Rules).where({ policy: policy.id })) {
    call.store.of(l7Rules).update(rule.id, pendingDelete)
  }
}
