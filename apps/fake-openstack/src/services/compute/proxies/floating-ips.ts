import * as z from 'zod'
import { ApiError, badRequest, conflict, forbidden, notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { accepted, ok } from '../../../kernel/reply.ts'
import { isUuidLike } from '../../../kernel/schema-formats.ts'
import type { Action, Route } from '../../../kernel/service.ts'
import { ports } from '../../network/records.ts'
import { requireVersion } from '../query.ts'
import { foundServer } from '../server-lookup.ts'
import { portsOfServer } from '../views/server-addresses.ts'
import { neutronWords, proxy, translated, unexpectedError, unexpectedOfNeutron } from './proxy-answers.ts'

const floatingIp = z.object({
  id: z.string(),
  floating_ip_address: z.string(),
  floating_network_id: z.string(),
  fixed_ip_address: z.string().nullable(),
  port_id: z.string().nullable(),
  port_details: z.object({ device_id: z.string() }).nullable(),
})

type FloatingIp = z.infer<typeof floatingIp>

const network = z.object({ id: z.string(), name: z.string() })

const view = (call: Call, one: FloatingIp) => {
  const path = `/v2.0/networks/${one.floating_network_id}`
  const { network: pool } = call.ask(z.object({ network }), { service: 'network', method: 'GET', path })
  return {
    id: one.id,
    ip: one.floating_ip_address,
    pool: pool.name || pool.id,
    fixed_ip: one.fixed_ip_address,
    instance_id: one.port_details?.device_id ?? null,
  }
}

const floatingIpOf = (call: Call): FloatingIp => {
  const id = call.param('id')
  return translated(
    () =>
      call.ask(z.object({ floatingip: floatingIp }), {
        service: 'network',
        method: 'GET',
        path: `/v2.0/floatingips/${encodeURIComponent(id)}`,
      }).floatingip,
    (error) => (error.status === 404 ? notFound(`Floating IP not found for ID ${id}`) : unexpectedOfNeutron(error)),
  )
}

const found = (call: Call, filter: Readonly<Record<string, string>>): FloatingIp[] => {
  const path = `/v2.0/floatingips?${new URLSearchParams(filter)}`
  return call.ask(z.object({ floatingips: z.array(floatingIp) }), { service: 'network', method: 'GET', path })
    .floatingips
}

const list = (call: Call) =>
  ok({ floating_ips: found(call, { tenant_id: call.projectId }).map((one) => view(call, one)) })

const show = (call: Call) => ok({ floating_ip: view(call, floatingIpOf(call)) })

const poolsOf = (call: Call, filter: Readonly<Record<string, string>> = {}) => {
  const query = new URLSearchParams({ 'router:external': 'True', ...filter })
  const path = `/v2.0/networks?${query}`
  return call.ask(z.object({ networks: z.array(network) }), { service: 'network', method: 'GET', path }).networks
}

const listPools = (call: Call) => ok({ floating_ip_pools: poolsOf(call).map(({ id, name }) => ({ name: name || id })) })

/** `[neutron] default_floating_pool` */
const defaultPool = 'nova'

const create = (call: Call) => {
  const body = z.object({ pool: z.string().nullish() }).nullish().safeParse(call.rawJson)
  const pool = body.data?.pool || undefined
  const name = pool ?? defaultPool
  const pools = poolsOf(call, isUuidLike(name) ? { id: name } : { name })
  const [only] = pools
  if (!only) throw notFound('Floating IP pool not found.')
  if (pools.length > 1) throw unexpectedError('nova.exception.NovaException')
  const made = translated(
    () =>
      call.ask(z.object({ floatingip: floatingIp }), {
        service: 'network',
        method: 'POST',
        path: '/v2.0/floatingips',
        body: { floatingip: { floating_network_id: only.id } },
      }).floatingip,
    (error) => {
      const where = pool === undefined ? '' : ` in pool ${pool}`
      if (error.type === 'OverQuota') return forbidden(`IP allocation over quota${where}.`)
      if (error.type === 'IpAddressGenerationFailure' || error.type === 'ExternalIpAddressExhausted') {
        return notFound(pool === undefined ? 'No more floating IPs available.' : `No more floating IPs${where}.`)
      }
      return error.status === 400 ? badRequest(neutronWords(call, error)) : unexpectedOfNeutron(error)
    },
  )
  return ok({ floating_ip: view(call, made) })
}

const remove = (call: Call) => {
  const path = `/v2.0/floatingips/${floatingIpOf(call).id}`
  translated(() => call.ask(z.undefined(), { service: 'network', method: 'DELETE', path }), unexpectedOfNeutron)
  return accepted()
}

const change = (call: Call, id: string, floatingip: object): void => {
  const path = `/v2.0/floatingips/${id}`
  call.ask(z.unknown(), { service: 'network', method: 'PUT', path, body: { floatingip } })
}

const fixedPort = (call: Call, wanted: string | undefined, address: string) => {
  const server = foundServer(call)
  const all = portsOfServer(call.context, server).flatMap((port) =>
    port.fixed_ips.map(({ ip_address }) => ({ port: port.id, ip: ip_address })),
  )
  if (all.length === 0) throw badRequest('Instance network is not ready yet')
  if (wanted !== undefined) {
    const asked = all.find(({ ip }) => ip === wanted)
    if (!asked) throw badRequest('Specified fixed address not assigned to instance')
    return asked
  }
  const first = all.find(({ ip }) => !ip.includes(':'))
  if (first) return first
  throw badRequest(
    `Unable to associate floating IP ${address} to any fixed IPs for instance ${server.id}. ` +
      'Instance has no fixed IPv4 addresses to associate.',
  )
}

const add = (call: Call) => {
  requireVersion(call, '2.1', '2.44')
  const body = z.object({ addFloatingIp: z.object({ address: z.string(), fixed_address: z.string().optional() }) })
  const { address, fixed_address } = call.json(body).addFloatingIp
  const { port, ip } = fixedPort(call, fixed_address, address)
  const [known] = found(call, { floating_ip_address: address })
  if (!known) throw notFound('floating IP not found')
  try {
    change(call, known.id, { port_id: port, fixed_ip_address: ip })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const words = neutronWords(call, error)
    throw badRequest(
      error.status === 409
        ? words
        : `Unable to associate floating IP ${address} to fixed IP ${ip} for instance ${call.param('server_id')}. Error: ${words}`,
    )
  }
  return accepted()
}

const removeFromServer = (call: Call) => {
  requireVersion(call, '2.1', '2.44')
  const { address } = call.json(z.object({ removeFloatingIp: z.object({ address: z.string() }) })).removeFloatingIp
  const id = call.param('server_id')
  const [known, ...others] = found(call, { floating_ip_address: address })
  if (!known) throw notFound(`Floating IP not found for address ${address}.`)
  if (others.length > 0) throw conflict(`Multiple floating IPs are found for address ${address}.`)
  const owner = known.port_id === null ? undefined : call.store.of(ports).get(known.port_id)?.device_id
  if (owner !== id) throw conflict(`Floating IP ${address} is not associated with instance ${id}.`)
  change(call, known.id, { port_id: null })
  return accepted()
}

/** The actions of servers, up to 2.43. */
export const floatingIpActions: Readonly<Record<string, Action>> = {
  addFloatingIp: { operation: 'servers.add-floating-ip', handle: add },
  removeFloatingIp: { operation: 'servers.remove-floating-ip', handle: removeFromServer },
}

/** https://docs.openstack.org/api-ref/compute/#floating-ips-os-floating-ips-deprecated */
export const floatingIpProxyRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-floating-ip-pools', operation: 'floating-ip-pools.list', handle: proxy(listPools) },
  { method: 'GET', path: '/os-floating-ips', operation: 'floating-ips.list', handle: proxy(list) },
  { method: 'POST', path: '/os-floating-ips', operation: 'floating-ips.create', handle: proxy(create) },
  { method: 'GET', path: '/os-floating-ips/:id', operation: 'floating-ips.show', handle: proxy(show) },
  { method: 'DELETE', path: '/os-floating-ips/:id', operation: 'floating-ips.delete', handle: proxy(remove) },
]
