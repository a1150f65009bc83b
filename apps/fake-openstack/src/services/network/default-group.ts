import type { CloudContext } from '../../kernel/cloud-context.ts'
import {
  type SecurityGroupRecord,
  type SecurityGroupRuleRecord,
  securityGroupRules,
  securityGroups,
} from './records.ts'

/** The group `default` of a project; Neutron makes it when the project is first seen, with four rules. */
export const defaultGroupOf = (context: CloudContext, projectId: string): SecurityGroupRecord => {
  const known = context.store.of(securityGroups).find({ nameInProject: `${projectId}/default` })
  if (known) return known
  const now = context.clock.now()
  const group = context.store.of(securityGroups).insert({
    id: context.ids.uuid(),
    name: 'default',
    stateful: true,
    project_id: projectId,
    description: 'Default security group',
    tags: [],
    created_at: now,
    updated_at: now,
    revision_number: 1,
  })
  for (const ethertype of ['IPv4', 'IPv6'] as const) {
    addRule(context, group, { direction: 'ingress', ethertype, remote_group_id: group.id })
    addRule(context, group, { direction: 'egress', ethertype })
  }
  return group
}

/** The two rules that let everything out, which each new group starts with. */
export const addEgressRules = (context: CloudContext, group: SecurityGroupRecord): void => {
  for (const ethertype of ['IPv4', 'IPv6'] as const) addRule(context, group, { direction: 'egress', ethertype })
}

/** Stores a rule of a group; what is not given is open. */
export const addRule = (
  context: CloudContext,
  group: SecurityGroupRecord,
  rule: Pick<SecurityGroupRuleRecord, 'direction' | 'ethertype'> & Partial<SecurityGroupRuleRecord>,
): SecurityGroupRuleRecord => {
  const now = context.clock.now()
  return context.store.of(securityGroupRules).insert({
    id: context.ids.uuid(),
    security_group_id: group.id,
    project_id: group.project_id,
    protocol: null,
    port_range_min: null,
    port_range_max: null,
    remote_ip_prefix: null,
    remote_group_id: null,
    remote_address_group_id: null,
    normalized_cidr: null,
    standard_attr_id: context.store.of(securityGroupRules).size + 1,
    description: null,
    tags: [],
    created_at: now,
    updated_at: now,
    revision_number: 0,
    ...rule,
  })
}
