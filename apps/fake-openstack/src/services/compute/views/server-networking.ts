import { notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { securityGroupRules, securityGroups } from '../../network/records.ts'
import { groupView, type RemoteGroup, sortedGroups } from '../proxies/security-group-view.ts'
import { foundServer } from '../server-lookup.ts'
import { addressesOf, portsOfServer } from './server-addresses.ts'

const short = (call: Call) =>
  Object.entries(addressesOf(call.context, foundServer(call))).map(
    ([network, list]) => [network, list.map(({ version, addr }) => ({ version, addr }))] as const,
  )

const listIps = (call: Call) => ok({ addresses: Object.fromEntries(short(call)) })

const showIps = (call: Call) => {
  const found = short(call).find(([network]) => network === call.param('network'))
  if (!found) throw notFound('Instance is not a member of specified network')
  return ok({ [found[0]]: found[1] })
}

/** The groups on the server's ports, in the form of nova-network. */
const listSecurityGroups = (call: Call) => {
  const ids = portsOfServer(call.context, foundServer(call)).flatMap((port) => port.security_groups)
  const groups = [...new Set(ids)].flatMap((id) => call.store.of(securityGroups).get(id) ?? [])
  const remoteGroup: RemoteGroup = (id) => {
    const group = call.store.of(securityGroups).get(id)
    return group && { name: group.name, tenant_id: group.project_id }
  }
  const views = groups.map((group) =>
    groupView(
      {
        ...group,
        description: group.description ?? '',
        tenant_id: group.project_id,
        security_group_rules: call.store.of(securityGroupRules).where({ group: group.id }),
      },
      remoteGroup,
    ),
  )
  return ok({ security_groups: sortedGroups(views) })
}

/** https://docs.openstack.org/api-ref/compute/#servers-ips-servers-ips */
export const serverNetworkingRoutes: readonly Route[] = [
  { method: 'GET', path: '/servers/:server_id/ips', operation: 'server-ips.list', handle: listIps },
  { method: 'GET', path: '/servers/:server_id/ips/:network', operation: 'server-ips.show', handle: showIps },
  {
    method: 'GET',
    path: '/servers/:server_id/os-security-groups',
    operation: 'server-security-groups.list',
    handle: listSecurityGroups,
  },
]
