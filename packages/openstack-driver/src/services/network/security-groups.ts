import type { ServiceClient } from '../../http/service-client.ts'

export interface SecurityGroup {
  readonly id: string
  readonly name: string
  readonly project_id: string
  readonly description?: string
  readonly security_group_rules?: readonly SecurityGroupRule[]
}

export interface SecurityGroupRule {
  readonly direction: 'ingress' | 'egress'
  readonly ethertype: string
  readonly protocol: string | null
  readonly port_range_min: number | null
  readonly port_range_max: number | null
  readonly remote_ip_prefix: string | null
  readonly remote_group_id: string | null
}

export interface SecurityGroupQuery {
  readonly name?: string | readonly string[]
  readonly id?: string | readonly string[]
  readonly project_id?: string
  /** Only these fields; ask for `id`, `name`, `project_id` to be spared the rules. */
  readonly fields?: readonly string[]
}

/**
 * Neutron security groups; names are not unique.
 * https://docs.openstack.org/api-ref/network/v2/#security-groups-security-groups
 */
export const securityGroups = (client: ServiceClient) => ({
  list: (query: SecurityGroupQuery = {}) =>
    client.pages<SecurityGroup>('security-groups', { ...query }, { key: 'security_groups' }),
})
