import { createHash } from 'node:crypto'
import { ApiError, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { octaviaDialect } from '../../kernel/dialects/octavia.ts'
import { accepted, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { isoPlain } from '../../kernel/time-format.ts'
import { picked } from './octavia-resource.ts'
import { type LoadBalancerRecord, loadBalancers } from './records.ts'

/** Amphorae are not stored: each load balancer has one, whose ids follow from its own. */
const derivedId = (kind: string, loadBalancerId: string): string => {
  const hex = createHash('sha256').update(`${kind}/${loadBalancerId}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

/** How long the certificate of an amphora is valid. */
const certificateMs = 30 * 24 * 3_600_000

const viewOf = (balancer: LoadBalancerRecord): Record<string, unknown> => ({
  id: derivedId('amphora', balancer.id),
  loadbalancer_id: balancer.id,
  compute_id: derivedId('compute', balancer.id),
  lb_network_ip: '192.0.2.1',
  vrrp_ip: balancer.vip_address,
  ha_ip: balancer.vip_address,
  vrrp_port_id: balancer.vip_port_id,
  ha_port_id: balancer.vip_port_id,
  cert_expiration: isoPlain(balancer.created_at + certificateMs),
  cert_busy: false,
  role: 'STANDALONE',
  status: 'ALLOCATED',
  vrrp_interface: null,
  vrrp_id: 1,
  vrrp_priority: null,
  cached_zone: null,
  created_at: isoPlain(balancer.created_at),
  updated_at: isoPlain(balancer.updated_at ?? balancer.created_at),
  image_id: null,
  compute_flavor: null,
})

const all = (call: Call): Record<string, unknown>[] =>
  call.store
    .of(loadBalancers)
    .all()
    .filter((balancer) => balancer.provisioning_status !== 'PENDING_CREATE')
    .map(viewOf)

/** Fields by which the list is filtered. */
const filterable = ['id', 'loadbalancer_id', 'compute_id', 'role', 'status', 'ha_ip', 'vrrp_ip', 'lb_network_ip']

const list = (call: Call) => {
  const filters = [...call.query].filter(([name]) => name !== 'fields')
  const unmodelled = filters.find(([name]) => !filterable.includes(name))
  if (unmodelled) throw new ApiError(501, `The fake does not model ${unmodelled[0]} of amphorae.`)
  const found = all(call).filter((one) => filters.every(([name, value]) => String(one[name]) === value))
  return ok({ amphorae: found.map((one) => picked(call, one)), amphorae_links: [] })
}

const find = (call: Call): Record<string, unknown> => {
  const amphora = all(call).find((one) => one['id'] === call.param('id'))
  if (!amphora) throw notFound(`Amphora ${call.param('id')} not found.`)
  return amphora
}

const notModelled: Handler = (call) => {
  throw new ApiError(501, `The fake does not model ${call.request.method} ${call.url.pathname}.`)
}

const one = '/octavia/amphorae/:id'
const routes: readonly (readonly [Method, string, string, Handler])[] = [
  ['GET', '/octavia/amphorae', 'amphorae.list', list],
  ['GET', one, 'amphorae.show', (call) => ok({ amphora: picked(call, find(call)) })],
  ['DELETE', one, 'amphorae.delete', notModelled],
  [
    'PUT',
    `${one}/config`,
    'amphorae.configure',
    (call) => {
      find(call)
      return accepted()
    },
  ],
  ['PUT', `${one}/failover`, 'amphorae.failover', notModelled],
  ['GET', `${one}/stats`, 'amphorae.stats', notModelled],
]

/** Amphorae, for administrators. https://docs.openstack.org/api-ref/load-balancer/v2/#amphora-api */
export const amphoraRoutes: readonly Route[] = ['/v2', '/v2.0'].flatMap((version) =>
  routes.map(([method, path, operation, handle]) => ({
    method,
    path: `${version}${path}`,
    atRoot: true,
    operation,
    handle: (call: Call) => {
      if (!call.isAdmin) throw octaviaDialect.forbidden('')
      return handle(call)
    },
  })),
)
