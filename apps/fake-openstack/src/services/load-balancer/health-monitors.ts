import { badRequest, conflict } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { boolean, type Fields, integer, oneOf, readPost, text, textList, uuid } from './fields.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonView, mustGet, sharedFilters } from './octavia-resource.ts'
import { getPool } from './pools.ts'
import { beginPoolChange } from './provisioning.ts'
import { type HealthMonitorRecord, healthMonitors, pools } from './records.ts'
import { type Kind, removalOf, resourceRoutes, updateOf } from './resource-routes.ts'

const kinds = ['UDP-CONNECT', 'HTTP', 'TLS-HELLO', 'HTTPS', 'SCTP', 'PING', 'TCP']

const fields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  type: { read: oneOf(...kinds), isRequired: true },
  delay: { read: integer(0, 31_536_000), put: true, isRequired: true },
  timeout: { read: integer(0, 31_536_000), put: true, isRequired: true },
  max_retries_down: { read: integer(1, 10), put: true, fallback: 3 },
  max_retries: { read: integer(1, 10), put: true, isRequired: true },
  http_method: {
    read: oneOf('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'TRACE', 'OPTIONS', 'PATCH', 'CONNECT'),
    put: true,
  },
  url_path: { read: text(), put: true },
  expected_codes: { read: text(), put: true },
  http_version: { read: (_, value) => Number(value), put: true },
  domain_name: { read: text(), put: true },
  admin_state_up: { read: boolean, put: true, fallback: true },
  project_id: { read: text() },
  tenant_id: { read: text() },
  pool_id: { read: uuid, isRequired: true },
  tags: { read: textList, put: true, fallback: [] },
}

const form = {
  argument: 'health_monitor_',
  root: 'healthmonitor',
  fields,
  type: 'HealthMonitorRootPOST',
  firstRead: 'pool_id',
}

const view = (_: Call, record: HealthMonitorRecord): Record<string, unknown> => ({
  ...commonView(record),
  name: record.name,
  type: record.type,
  delay: record.delay,
  timeout: record.timeout,
  max_retries: record.max_retries,
  max_retries_down: record.max_retries_down,
  http_method: record.http_method,
  url_path: record.url_path,
  expected_codes: record.expected_codes,
  http_version: record.http_version,
  domain_name: record.domain_name,
  pools: [{ id: record.pool_id }],
})

const kind: Kind<HealthMonitorRecord, 'project' | 'loadBalancer' | 'pool'> = {
  title: 'Health Monitor',
  plural: 'healthmonitors',
  collection: healthMonitors,
  view,
  indexes: { pool_id: 'pool' },
  filterable: [
    ...sharedFilters,
    ...['name', 'rise_threshold', 'fall_threshold'],
    ...['type', 'delay', 'timeout', 'max_retries', 'max_retries_down', 'http_method', 'url_path', 'expected_codes'],
    ...['http_version', 'domain_name'],
  ],
  path: '/healthmonitors',
  form,
  find: (call, id = call.param('id')) => mustGet(call, kind, id),
}

const create = (call: Call): Reply => {
  const values = readPost(call, form)
  const pool = getPool(call, values.get<string>('pool_id'))
  const type = values.get<string>('type')
  if (type === 'UDP-CONNECT' && pool.protocol !== 'UDP') {
    throw badRequest(`Validation failure: The ${type} health monitor type is only supported for pools of type UDP.`)
  }
  beginPoolChange(call, pool, 'Pool')
  if (call.store.of(healthMonitors).count('pool', pool.id) > 0) throw conflict('This pool already has a health monitor')
  checkQuota(call, healthMonitors, { name: 'health_monitor', title: 'Health Monitor' }, pool.project_id)
  const isHttp = type === 'HTTP' || type === 'HTTPS'
  const monitor = call.store.of(healthMonitors).insert({
    ...newRecord(call, values, pool.project_id),
    load_balancer_id: pool.load_balancer_id,
    pool_id: pool.id,
    name: values.get<string>('name'),
    type,
    delay: values.get<number>('delay'),
    timeout: values.get<number>('timeout'),
    max_retries: values.get<number>('max_retries'),
    max_retries_down: values.get<number>('max_retries_down'),
    http_method: values.get<string | null>('http_method') ?? (isHttp ? 'GET' : null),
    url_path: values.get<string | null>('url_path') ?? (isHttp ? '/' : null),
    expected_codes: values.get<string | null>('expected_codes') ?? (isHttp ? '200' : null),
    http_version: values.get<number | null>('http_version'),
    domain_name: values.get<string | null>('domain_name'),
  })
  return created({ healthmonitor: view(call, monitor) })
}

const begin = (call: Call, monitor: HealthMonitorRecord): void => {
  const pool = call.store.of(pools).get(monitor.pool_id)
  if (pool) beginPoolChange(call, pool, 'Pool')
}

/** Health monitors. https://docs.openstack.org/api-ref/load-balancer/v2/#health-monitor */
export const healthMonitorRoutes: Route[] = resourceRoutes(kind, {
  create,
  update: updateOf(kind, { begin }),
  remove: removalOf(kind, { begin }),
})
