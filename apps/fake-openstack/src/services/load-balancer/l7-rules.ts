import { notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { boolean, type Fields, oneOf, readPost, readPut, text, textList } from './fields.ts'
import { beginPolicyChange, getPolicy } from './l7-policies.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonFilters, commonView, type OctaviaResource, octaviaList, picked } from './octavia-resource.ts'
import { type L7RuleRecord, l7Rules } from './records.ts'

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

const form = { argument: 'rule_', root: 'rule', fields }

const view = (_: Call, record: L7RuleRecord): Record<string, unknown> => ({
  ...commonView(record),
  type: record.type,
  compare_type: record.compare_type,
  key: record.key,
  value: record.value,
  invert: record.invert,
})

const resource: OctaviaResource<L7RuleRecord, 'project' | 'loadBalancer' | 'policy'> = {
  title: 'L7 Rule',
  plural: 'rules',
  collection: l7Rules,
  view,
  indexes: {},
  filterable: [...commonFilters, 'type', 'compare_type', 'key', 'value', 'invert'],
}

const base = '/l7policies/:policy/rules'

/** Rules of L7 policies. https://docs.openstack.org/api-ref/load-balancer/v2/#l7-rules */
export const l7RuleRoutes: Route[] = [
  {
    method: 'GET',
    path: base,
    operation: 'l7rules.list',
    handle: (call) => ok(octaviaList(call, resource, { policy: getPolicy(call, call.param('policy')).id })),
  },
  { method: 'POST', path: base, operation: 'l7rules.create', handle: (call) => create(call) },
  {
    method: 'GET',
    path: `${base}/:id`,
    operation: 'l7rules.show',
    handle: (call) => ok({ rule: picked(call, view(call, get(call))) }),
  },
  { method: 'PUT', path: `${base}/:id`, operation: 'l7rules.update', handle: (call) => update(call) },
  { method: 'DELETE', path: `${base}/:id`, operation: 'l7rules.delete', handle: (call) => remove(call) },
]

const get = (call: Call): L7RuleRecord => {
  const policy = getPolicy(call, call.param('policy'))
  const rule = call.store.of(l7Rules).get(call.param('id'))
  if (rule?.l7policy_id === policy.id) return rule
  throw notFound(`L7 Rule ${call.param('id')} not found.`)
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

const updatable = Object.keys(fields).filter((name) => fields[name]?.put)

const update = (call: Call): Reply => {
  const values = readPut(call, form)
  const rule = get(call)
  beginPolicyChange(call, getPolicy(call, rule.l7policy_id))
  const changes = Object.fromEntries(
    updatable.filter((name) => values.has(name)).map((name) => [name, values.get(name)]),
  )
  const after = call.store.of(l7Rules).update(rule.id, {
    ...(changes as Partial<L7RuleRecord>), // read by its own fields
    provisioning_status: 'PENDING_UPDATE',
  })
  return ok({ rule: view(call, after) })
}

const remove = (call: Call): Reply => {
  const rule = get(call)
  beginPolicyChange(call, getPolicy(call, rule.l7policy_id))
  call.store.of(l7Rules).update(rule.id, { provisioning_status: 'PENDING_DELETE' })
  return noContent()
}
