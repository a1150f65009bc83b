import type { Call } from '../../kernel/call.ts'
import { novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { usageOf } from './quota-usage.ts'

const show = (call: Call) => {
  const other = call.query.get('tenant_id')
  if (other !== null && other !== call.projectId && !call.isAdmin) {
    throw novaDialect.forbidden('os_compute_api:limits:other_project')
  }
  const projectId = other ?? call.projectId
  const limit = call.context.quotas.limits('compute', projectId)
  const used = usageOf(call.context, projectId)
  const hasNetwork = !call.microversion.atLeast('2.36')
  const absolute = {
    maxTotalInstances: limit['instances'],
    maxTotalCores: limit['cores'],
    maxTotalRAMSize: limit['ram'],
    maxServerMeta: limit['metadata_items'],
    ...(call.microversion.atLeast('2.39') ? {} : { maxImageMeta: limit['metadata_items'] }),
    ...(call.microversion.atLeast('2.57')
      ? {}
      : { maxPersonality: limit['injected_files'], maxPersonalitySize: limit['injected_file_content_bytes'] }),
    maxTotalKeypairs: limit['key_pairs'],
    maxServerGroups: limit['server_groups'],
    maxServerGroupMembers: limit['server_group_members'],
    ...(hasNetwork
      ? {
          maxTotalFloatingIps: limit['floating_ips'],
          maxSecurityGroups: limit['security_groups'],
          maxSecurityGroupRules: limit['security_group_rules'],
        }
      : {}),
    totalRAMUsed: used['ram'],
    totalCoresUsed: used['cores'],
    totalInstancesUsed: used['instances'],
    // Nova does not ask Neutron for these.
    ...(hasNetwork ? { totalFloatingIpsUsed: 0, totalSecurityGroupsUsed: 0 } : {}),
    totalServerGroupsUsed: used['server_groups'],
  }
  return ok({ limits: { rate: [], absolute } })
}

/** https://docs.openstack.org/api-ref/compute/#limits-limits */
export const limitRoutes: readonly Route[] = [
  { method: 'GET', path: '/limits', operation: 'limits.show', handle: show },
]
