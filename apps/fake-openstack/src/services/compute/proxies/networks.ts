import * as z from 'zod'
import { notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { proxy, translated, unexpectedOfNeutron } from './proxy-answers.ts'

const network = z.object({ id: z.string(), name: z.string() })

/** Nova has nothing to say of a network's addresses. */
const tenantView = ({ id, name }: z.infer<typeof network>) => ({ id, cidr: 'None', label: name })

const fields = ['cidr', 'netmask', 'gateway', 'broadcast', 'dns1', 'dns2', 'cidr_v6', 'gateway_v6', 'netmask_v6']
const adminFields = [
  ...['created_at', 'updated_at', 'deleted_at', 'deleted', 'injected', 'bridge', 'vlan', 'vpn_public_address'],
  ...['vpn_public_port', 'vpn_private_address', 'dhcp_start', 'project_id', 'host', 'bridge_interface'],
  ...['multi_host', 'priority', 'rxtx_base', 'mtu', 'dhcp_server', 'enable_dhcp', 'share_address'],
]

/** The fields of nova-network, of which two are left. */
const networkView = (call: Call, { id, name }: z.infer<typeof network>) => ({
  ...Object.fromEntries([...fields, ...(call.isAdmin ? adminFields : [])].map((field) => [field, null])),
  id,
  label: name,
})

const all = (call: Call) =>
  call.ask(z.object({ networks: z.array(network) }), { service: 'network', method: 'GET', path: '/v2.0/networks' })
    .networks

const one = (call: Call) =>
  translated(
    () =>
      call.ask(z.object({ network }), {
        service: 'network',
        method: 'GET',
        path: `/v2.0/networks/${encodeURIComponent(call.param('id'))}`,
      }).network,
    (error) => (error.status === 404 ? notFound('Network not found') : unexpectedOfNeutron(error)),
  )

const listForTenant = (call: Call) => ok({ networks: all(call).map(tenantView) })

const showForTenant = (call: Call) => ok({ network: tenantView(one(call)) })

const list = (call: Call) => ok({ networks: all(call).map((each) => networkView(call, each)) })

const show = (call: Call) => ok({ network: networkView(call, one(call)) })

/** https://docs.openstack.org/api-ref/compute/#project-networks-os-tenant-networks-deprecated */
export const networkProxyRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-networks', operation: 'networks.list', handle: proxy(list) },
  { method: 'GET', path: '/os-networks/:id', operation: 'networks.show', handle: proxy(show) },
  { method: 'GET', path: '/os-tenant-networks', operation: 'tenant-networks.list', handle: proxy(listForTenant) },
  { method: 'GET', path: '/os-tenant-networks/:id', operation: 'tenant-networks.show', handle: proxy(showForTenant) },
]
