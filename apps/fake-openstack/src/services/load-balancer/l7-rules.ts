import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { boolean, type Fields, oneOf, readPost, text, textList } from './fields.ts'
import { beginPolicyChange, getPolicy } from './l7-policies.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonView, sharedFilters } from './octavia-resource.ts'
import { type L7RuleRecord, l7Rules } from './records.ts'
import { type Kind, removalOf, resourceRoutes, updateOf } from './resource-routes.ts'

const fields: Fields = {
  type: {
    read: oneOf(
      'HOST_NAME',
      'PATH',
      'FILE_TYPE',
      'HEADER',
      'COOKIE',
      'SSL_CONN_HAS_CERT',
      'SSL_VERIFY_RESULT',
      'SSL_DN_FIELD',
    ),
    put: true,
    isRequired: true,
  },
  compare_type: {
    read: oneOf('REGEX', 'STARTS_WITH', 'ENDS_WITH', 'CONTAINS', 'EQUAL_TO'),
    put: true,
    isRequired: true,
  },
  key: { read: text(), put: true },
  value: { read: text(), put: true, isRequired: true },
  invert: { read: boolean, put: true, fallback: false },
  admin_state_up: { read: boolean, put: true, fallback: true },
  project_id: { read: text() },
  tenant_id: { read: text() },
  tags: { read: textList, put: true, fallback: [] },
}

const form = { argument: 'rule_', root: 'rule', fields, type: 'L7RuleRootPOST' }

const view = (_: Call, record: L7RuleRecord): Record<string, unknown> => ({
  ...commonView(record),
  type: record.type,
  compare_type: record.compare_type,
  key: record.key,
  value: record.value,
  invert: record.invert,
})

const kind: Kind<L7RuleRecord, 'project' | 'loadBalancer' | 'policy'> = {
  title: 'L7 Rule',
  plural: 'rules',
  collection: l7Rules,
  view,
  isBelow: true,
  indexes: {},
  filterable: [...sharedFilters, 'type', 'compare_type', 'key', 'value', 'invert', 'l7policy_id'],
  path: '/l7policies/:policy/rules',
  operations: 'l7rules',
  form,
  scope: (call) => ({ policy: getPolicy(call, call.param('policy')).id }),
  find: (call, id) => get(call, id),
}

const get = (call: Call, id = call.param('id')): L7RuleRecord => {
  const policy = getPolicy(call, call.param('policy'))
  const rule = call.store.of(l7Rules).get(id)
  if (rule?.l7policy_id === policy.id) return rule
  throw notFound(`L7 Rule ${id} not found.`)
}

const create = (call: Call): Reply => {
  const policy = getPolicy(call, call.param('policy'))
  const values = readPost(call, form)
  beginPolicyChange(call, policy)
  checkQuota(call, l7Rules, { name: 'l7rule', title: 'L7 Rule' }, policy.project_id)
  const rule = call.store.of(l7Rules).insert({
    ...newRecord(call, values, policy.project_id),
    load_balancer_id: policy.load_balancer_id,
    l7policy_id: policy.id,
    type: values.get<string>('type'),
    compare_type: values.get<string>('compare_type'),
    key: values.get<string | null>('key'),
    value: values.get<string>('value'),
    invert: values.get<boolean>('invert'),
  })
  return created({ rule: view(call, rule) })
}

const begin = (call: Call, rule: L7RuleRecord): void => beginPolicyChange(call, getPolicy(call, rule.l7policy_id))

/** Rules of L7 policies. https://docs.openstack.org/api-ref/load-balancer/v2/#l7-rules */
export const l7RuleRoutes: Route[] = resourceRoutes(kind, {
  create,
  update: updateOf(kind, { begin }),
  remove: removalOf(kind, { begin }),
})
