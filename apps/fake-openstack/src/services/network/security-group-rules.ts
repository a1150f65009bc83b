import type { Call } from '../../kernel/call.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import { formatBlock, parseBlock } from './addresses.ts'
import { type Body, commonAttributes, textAttribute } from './attribute.ts'
import { addRule } from './default-group.ts'
import { internalError, neutronError, securityGroupNotFound } from './neutron-errors.ts'
import { oneOf, uuid } from './readers.ts'
import {
  addressGroups,
  type SecurityGroupRecord,
  type SecurityGroupRuleRecord,
  securityGroupRules,
  securityGroups,
} from './records.ts'
import { rulesOf } from './release-rules.ts'
import { newRecord, type Resource } from './resource.ts'
import { checkPorts, protocolNumber, readProtocol, toEthertype, toPortNumber, toProtocol } from './rule-protocols.ts'

/** Rules of security groups. https://docs.openstack.org/api-ref/network/v2/#security-group-rules-security-group-rules */
export const securityGroupRuleResource: Resource<SecurityGroupRuleRecord, 'project' | 'group' | 'remoteGroup', never> =
  {
    name: 'security_group_rule',
    plural: 'security_group_rules',
    path: 'security-group-rules',
    collection: securityGroupRules,
    notFound: (id) => neutronError(404, 'SecurityGroupRuleNotFound', `Security group rule ${id} does not exist`),
    knowsMarkers: false,
    quota: 'security_group_rule',
    attributes: {
      ...commonAttributes,
      // Rules have no tags.
      ...Object.fromEntries(['tags', 'tags-any', 'not-tags', 'not-tags-any'].map((name) => [name, {}])),
      description: textAttribute(255),
      security_group_id: { post: 'required', validate: uuid, filter: true, sort: true },
      remote_group_id: { post: 'optional', filter: true, sort: true },
      remote_address_group_id: { post: 'optional', filter: true, sort: true },
      direction: { post: 'required', validate: oneOf('ingress', 'egress'), filter: true, sort: true },
      protocol: { post: 'optional', convert: toProtocol, filter: true, sort: true },
      port_range_min: { post: 'optional', convert: toPortNumber, filter: true, sort: true },
      port_range_max: { post: 'optional', convert: toPortNumber, filter: true, sort: true },
      ethertype: { post: 'optional', default: 'IPv4', convert: toEthertype, filter: true, sort: true },
      remote_ip_prefix: { post: 'optional', convert: toPrefix, filter: true, sort: true },
      normalized_cidr: { filter: true, sort: true },
    },
    // Computed from the prefix: the database ignores the filter.
    filters: { normalized_cidr: () => true },
    indexes: { security_group_id: 'group', remote_group_id: 'remoteGroup', project_id: 'project' },
    isVisible: (call, rule) => rule.project_id === call.projectId,
    scopes: (call) => [{ project: call.projectId }],
    view: (call, rule) => ({
      ...bareRule(rule),
      ...(rulesOf(call).showsDefaultGroupRules ? { belongs_to_default_sg: isOfDefaultGroup(call, rule) } : {}),
    }),
    hides: ['tags'],
    beforeCreate: (_, bodies) => {
      const keys = bodies.map((body) => keyOf(paramsOf(body)))
      if (new Set(keys).size < keys.length) {
        throw neutronError(409, 'DuplicateSecurityGroupRuleInPost', 'Duplicate Security Group Rule in POST.')
      }
    },
    create: (call, body) => createRule(call, body),
    update: () => {
      // Neutron 21 stumbles over any change of a rule.
      throw internalError()
    },
    remove: (call, rule) => {
      call.store.of(securityGroupRules).delete(rule.id)
      touchGroup(call, rule.security_group_id)
    },
  }

const bareRule = (rule: SecurityGroupRuleRecord): Record<string, unknown> => ({
  security_group_id: rule.security_group_id,
  ethertype: rule.ethertype,
  direction: rule.direction,
  protocol: rule.protocol,
  port_range_min: rule.port_range_min,
  port_range_max: rule.port_range_max,
  remote_ip_prefix: rule.remote_ip_prefix,
  remote_address_group_id: rule.remote_address_group_id,
  normalized_cidr: rule.normalized_cidr,
  remote_group_id: rule.remote_group_id,
})

const isOfDefaultGroup = (call: Call, rule: SecurityGroupRuleRecord): boolean =>
  call.store.of(securityGroups).get(rule.security_group_id)?.name === 'default'

/** A rule as its group shows it, with fields that the rule alone does not show. A list of groups leaves one open. */
export const ruleInGroup = (call: Call, rule: SecurityGroupRuleRecord, isInList: boolean): Record<string, unknown> => ({
  id: rule.id,
  tenant_id: rule.project_id,
  ...bareRule(rule),
  standard_attr_id: rule.standard_attr_id,
  description: rule.description,
  tags: rule.tags,
  created_at: isoSeconds(rule.created_at),
  updated_at: isoSeconds(rule.updated_at),
  revision_number: rule.revision_number,
  project_id: rule.project_id,
  ...(rulesOf(call).showsDefaultGroupRules
    ? { belongs_to_default_sg: isInList ? null : isOfDefaultGroup(call, rule) }
    : {}),
})

type Params = Pick<
  SecurityGroupRuleRecord,
  | 'security_group_id'
  | 'direction'
  | 'ethertype'
  | 'protocol'
  | 'port_range_min'
  | 'port_range_max'
  | 'remote_ip_prefix'
  | 'remote_group_id'
>

const paramsOf = (body: Body): Params => {
  const ethertype = body.get<Params['ethertype']>('ethertype') ?? 'IPv4'
  return {
    security_group_id: body.get<string>('security_group_id') ?? '',
    direction: body.get<Params['direction']>('direction') ?? 'ingress',
    ethertype,
    protocol: readProtocol(body.get<string | null>('protocol') ?? null, ethertype),
    port_range_min: body.get<number | null>('port_range_min') ?? null,
    port_range_max: body.get<number | null>('port_range_max') ?? null,
    remote_ip_prefix: body.get<string | null>('remote_ip_prefix') ?? null,
    remote_group_id: body.get<string | null>('remote_group_id') ?? null,
  }
}

/** What makes two rules the same: protocols by number, and the whole address space is as good as no prefix. */
const keyOf = (rule: Params): string =>
  JSON.stringify([
    rule.security_group_id,
    rule.direction,
    rule.ethertype,
    protocolNumber(rule.protocol),
    rule.port_range_min,
    rule.port_range_max,
    rule.remote_ip_prefix === '0.0.0.0/0' || rule.remote_ip_prefix === '::/0' ? null : rule.remote_ip_prefix,
    rule.remote_group_id,
  ])

const createRule = (call: Call, body: Body): SecurityGroupRuleRecord => {
  const params = paramsOf(body)
  checkPorts(params)
  const addressGroup = body.get<string | null>('remote_address_group_id') ?? null
  checkRemote(params, addressGroup)
  if (addressGroup !== null) {
    const known = call.store.of(addressGroups).get(addressGroup)
    if (known && (call.isAdmin || known.project_id === call.projectId)) notModelled(call, 'remote_address_group_id')
    throw neutronError(404, 'AddressGroupNotFound', `Address group ${addressGroup} could not be found.`)
  }
  const group = visibleGroup(call, params.security_group_id)
  if (params.remote_group_id !== null) visibleGroup(call, params.remote_group_id)
  const key = keyOf(params)
  const same = call.store
    .of(securityGroupRules)
    .where({ group: group.id })
    .find((rule) => keyOf(rule) === key)
  if (same) {
    throw neutronError(409, 'SecurityGroupRuleExists', `Security group rule already exists. Rule id is ${same.id}.`)
  }
  const block = params.remote_ip_prefix === null ? undefined : parseBlock(params.remote_ip_prefix)
  const rule = addRule(call.context, group, {
    ...newRecord(call, body, 0),
    ...params,
    normalized_cidr: block ? formatBlock(block) : null,
  })
  touchGroup(call, group.id)
  return rule
}

const checkRemote = (params: Params, addressGroup: string | null): void => {
  const remotes = [params.remote_ip_prefix, params.remote_group_id, addressGroup].filter((one) => one !== null)
  if (remotes.length > 1) {
    throw neutronError(
      400,
      'SecurityGroupMultipleRemoteEntites',
      'Only one of remote_ip_prefix or remote_group_id or remote_address_group_id may be provided.',
    )
  }
  if (params.remote_ip_prefix === null) return
  const version = parseBlock(params.remote_ip_prefix)?.version
  if (`IPv${version}` !== params.ethertype) {
    throw neutronError(
      400,
      'SecurityGroupRuleParameterConflict',
      `Conflicting value ethertype ${params.ethertype} for CIDR ${params.remote_ip_prefix}`,
    )
  }
}

const visibleGroup = (call: Call, id: string): SecurityGroupRecord => {
  const group = call.store.of(securityGroups).get(id)
  if (!group || !(call.isAdmin || group.project_id === call.projectId)) throw securityGroupNotFound(id)
  return group
}

const touchGroup = (call: Call, id: string): void => {
  call.store.of(securityGroups).update(id, (group) => ({
    updated_at: call.now,
    revision_number: group.revision_number + 1,
  }))
}

/** A prefix keeps its host bits; a bare address gets its full length. */
function toPrefix(value: unknown): unknown {
  if (value === null) return null
  const text = String(value)
  if (!parseBlock(text)) throw neutronError(400, 'InvalidCIDR', `Invalid CIDR ${text} given as IP prefix.`)
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`
}
