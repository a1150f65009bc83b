import * as z from 'zod'

/** The fields of a rule of Neutron's that Nova looks at. */
export const neutronRule = z.object({
  id: z.string(),
  security_group_id: z.string(),
  direction: z.string(),
  protocol: z.string().nullable(),
  port_range_min: z.number().nullable(),
  port_range_max: z.number().nullable(),
  remote_group_id: z.string().nullable(),
  remote_ip_prefix: z.string().nullable(),
})

/** The fields of a group of Neutron's that Nova looks at. */
export const neutronGroup = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tenant_id: z.string(),
  security_group_rules: z.array(neutronRule),
})

type Rule = z.infer<typeof neutronRule>
type Group = z.infer<typeof neutronGroup>

/** Finds the group that a rule names; undefined when the caller sees none. */
export type RemoteGroup = (id: string) => Pick<Group, 'name' | 'tenant_id'> | undefined

type Ports = Pick<Rule, 'protocol' | 'port_range_min' | 'port_range_max'>

/** Ports as Nova shows them: a protocol without any has all of them. */
export const portsOf = ({
  protocol,
  port_range_min: from,
  port_range_max: to,
}: Ports): [number | null, number | null] => {
  if (!protocol || from !== null || to !== null) return [from, to]
  return ['TCP', 'UDP'].includes(protocol.toUpperCase()) ? [1, 65_535] : [-1, -1]
}

/** A rule in the form of nova-network; undefined when the group that it names is gone. */
export const ruleView = (rule: Rule, remoteGroup: RemoteGroup) => {
  const remote = rule.remote_group_id === null ? undefined : remoteGroup(rule.remote_group_id)
  if (rule.remote_group_id !== null && !remote) return undefined
  const [from_port, to_port] = portsOf(rule)
  return {
    id: rule.id,
    parent_group_id: rule.security_group_id,
    ip_protocol: rule.protocol,
    from_port,
    to_port,
    group: remote ? { name: remote.name, tenant_id: remote.tenant_id } : {},
    ip_range: remote ? {} : { cidr: rule.remote_ip_prefix ?? '0.0.0.0/0' },
  }
}

/** A group in the form of nova-network, which knows incoming rules only. */
export const groupView = (group: Group, remoteGroup: RemoteGroup) => ({
  id: group.id,
  description: group.description,
  name: group.name,
  tenant_id: group.tenant_id,
  rules: group.security_group_rules
    .filter((rule) => rule.direction === 'ingress')
    .flatMap((rule) => ruleView(rule, remoteGroup) ?? []),
})

/** Groups in the order of Nova's lists. */
export const sortedGroups = <T extends { name: string; tenant_id: string }>(groups: readonly T[]): T[] =>
  [...groups].sort((a, b) => compare(a.tenant_id, b.tenant_id) || compare(a.name, b.name))

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1)
