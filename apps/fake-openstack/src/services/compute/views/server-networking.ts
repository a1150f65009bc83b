import { notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { ok } from '../../../kernel/reply.ts'
import type { Route } from '../../../kernel/service.ts'
import { type SecurityGroupRuleRecord, securityGroupRules, securityGroups } from '../../network/records.ts'
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
  return ok({
    security_groups: groups.map((group) => ({
      id: group.id,
      description: group.description,
      name: group.name,
      tenant_id: group.project_id,
      rules: call.store
        .of(securityGroupRules)
        .where({ group: group.id })
        .filter((rule) => rule.direction === 'ingress')
        .map((rule) => ruleView(call, rule)),
    })),
  })
}

const ruleView = (call: Call, rule: SecurityGroupRuleRecord) => {
  const remote = rule.remote_group_id === null ? undefined : call.store.of(securityGroups).get(rule.remote_group_id)
  return {
    id: rule.id,
    parent_group_id: rule.security_group_id,
    ip_protocol: rule.protocol,
    from_port: rule.port_range_min,
    to_port: rule.port_range_max,
    group: remote ? { name: remote.name, tenant_id: remote.project_id } : {},
    ip_range: remote || rule.remote_ip_prefix === null ? {} : { cidr: rule.remote_ip_prefix },
  }
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
