import type { Call } from '../../kernel/call.ts'
import { type Body, commonAttributes, textAttribute } from './attribute.ts'
import { addEgressRules, defaultGroupOf } from './default-group.ts'
import { neutronError, securityGroupNotFound } from './neutron-errors.ts'
import { grantedIds, isSharedWith, removePolicies } from './rbac-access.ts'
import { toBoolean } from './readers.ts'
import { ports, type SecurityGroupRecord, securityGroupRules, securityGroups } from './records.ts'
import { changesOf, newRecord, type Resource } from './resource.ts'
import { ruleInGroup } from './security-group-rules.ts'

/** Security groups. https://docs.openstack.org/api-ref/network/v2/#security-groups-security-groups */
export const securityGroupResource: Resource<
  SecurityGroupRecord,
  'name' | 'nameKey' | 'project' | 'nameInProject' | 'id',
  never
> = {
  name: 'security_group',
  plural: 'security_groups',
  path: 'security-groups',
  collection: securityGroups,
  notFound: securityGroupNotFound,
  knowsMarkers: false,
  quota: 'security_group',
  before: (call) => {
    if (call.projectId !== '') defaultGroupOf(call.context, call.projectId)
  },
  attributes: {
    ...commonAttributes,
    name: textAttribute(255),
    description: textAttribute(255),
    security_group_rules: {},
    stateful: { post: 'optional', put: true, default: true, convert: toBoolean },
    shared: { convert: toBoolean, filter: true },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, group) => group.project_id === call.projectId || isSharedWith(call, group, call.projectId),
  scopes: (call) => [
    { project: call.projectId },
    ...grantedIds(call, 'security_group', call.projectId).map((id) => ({ id })),
  ],
  view: (call, group) => ({
    name: group.name,
    stateful: group.stateful,
    shared: isSharedWith(call, group, call.projectId),
    security_group_rules: call.store
      .of(securityGroupRules)
      .where({ group: group.id })
      .map((rule) => ruleInGroup(call, rule, call.request.method === 'GET' && !('id' in call.params))),
  }),
  create: (call, body) => {
    defaultGroupOf(call.context, body.project_id)
    refuseDefault(body)
    const group = call.store.of(securityGroups).insert({
      ...newRecord(call, body, 1),
      name: body.get<string>('name') ?? '',
      stateful: body.get<boolean>('stateful') ?? true,
    })
    addEgressRules(call.context, group)
    return group
  },
  update: (call, group, body) => {
    if (isDefault(group) && body.has('name')) {
      throw neutronError(409, 'SecurityGroupCannotUpdateDefault', 'Updating default security group not allowed.')
    }
    refuseDefault(body)
    const changes = changesOf(body, ['name', 'description', 'stateful'])
    return call.store.of(securityGroups).update(group.id, changes as Partial<SecurityGroupRecord>) // its own attributes
  },
  remove: (call, group) => remove(call, group),
}

const isDefault = (group: SecurityGroupRecord): boolean => group.name.toLowerCase() === 'default'

const refuseDefault = (body: Body): void => {
  if (body.get<string>('name')?.toLowerCase() !== 'default') return
  throw neutronError(409, 'SecurityGroupDefaultAlreadyExists', 'Default security group already exists.')
}

const remove = (call: Call, group: SecurityGroupRecord): void => {
  if (call.store.of(ports).count('securityGroup', group.id) > 0) {
    throw neutronError(409, 'SecurityGroupInUse', `Security Group ${group.id} in use.`)
  }
  if (isDefault(group) && !call.isAdmin) {
    throw neutronError(
      409,
      'SecurityGroupCannotRemoveDefault',
      'Insufficient rights for removing default security group.',
    )
  }
  const rules = call.store.of(securityGroupRules)
  const gone = [...rules.where({ group: group.id }), ...rules.where({ remoteGroup: group.id })]
  for (const rule of gone) rules.delete(rule.id)
  removePolicies(call, group.id)
  call.store.of(securityGroups).delete(group.id)
}
