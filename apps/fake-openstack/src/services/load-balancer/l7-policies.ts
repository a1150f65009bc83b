import { badRequest, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { anything, boolean, type Fields, integer, oneOf, readPost, text, textList, uuid } from './fields.ts'
import { getListener } from './listeners.ts'
import { checkQuota, newRecord } from './new-record.ts'
import { commonFilters, commonView, mustGet } from './octavia-resource.ts'
import { getPool } from './pools.ts'
import { beginListenerChange } from './provisioning.ts'
import { unmodelledPolicyKeys } from './query-keys.ts'
import { type L7PolicyRecord, l7Policies, l7Rules, listeners } from './records.ts'
import { type Kind, pendingDelete, removalOf, resourceRoutes, updateOf } from './resource-routes.ts'

const fields: Fields = {
  name: { read: text(), put: true, fallback: '' },
  description: { read: text(), put: true, fallback: '' },
  admin_state_up: { read: boolean, put: true, fallback: true },
  project_id: { read: text() },
  tenant_id: { read: text() },
  action: {
    read: oneOf('REJECT', 'REDIRECT_TO_URL', 'REDIRECT_TO_POOL', 'REDIRECT_PREFIX'),
    put: true,
    isRequired: true,
  },
  redirect_pool_id: { read: uuid, put: true },
  redirect_pool: { read: anything },
  redirect_url: { read: text(), put: true },
  redirect_prefix: { read: text(), put: true },
  redirect_http_code: { read: integer(300, 308), put: true },
  position: { read: integer(1, 2_147_483_647), put: true, fallback: 2_147_483_647 },
  listener_id: { read: uuid, isRequired: true },
  rules: { read: anything },
  tags: { read: textList, put: true, fallback: [] },
}

const form = { argument: 'l7policy_', root: 'l7policy', fields, type: 'L7PolicyRootPOST', firstRead: 'listener_id' }

const view = (call: Call, record: L7PolicyRecord): Record<string, unknown> => ({
  ...commonView(record),
  name: record.name,
  description: record.description,
  action: record.action,
  listener_id: record.listener_id,
  redirect_pool_id: record.redirect_pool_id,
  redirect_url: record.redirect_url,
  redirect_prefix: record.redirect_prefix,
  redirect_http_code: record.redirect_http_code,
  position: record.position,
  rules: call.store
    .of(l7Rules)
    .where({ policy: record.id })
    .map(({ id }) => ({ id })),
})

const kind: Kind<L7PolicyRecord, 'project' | 'loadBalancer' | 'listener'> = {
  title: 'L7 Policy',
  plural: 'l7policies',
  collection: l7Policies,
  view,
  indexes: { listener_id: 'listener' },
  filterable: [
    ...commonFilters,
    ...['action', 'redirect_pool_id', 'redirect_url', 'redirect_prefix', 'redirect_http_code', 'position'],
  ],
  unmodelled: unmodelledPolicyKeys,
  path: '/l7policies',
  form,
  find: (call, id = call.param('id')) => getPolicy(call, id),
}

/** A policy of the caller's; 404 or 403 otherwise. */
export const getPolicy = (call: Call, id: string): L7PolicyRecord => mustGet(call, kind, id)

/** Begins a change of a policy or of its rules. */
export const beginPolicyChange = (call: Call, policy: L7PolicyRecord): void => {
  const listener = call.store.of(listeners).get(policy.listener_id)
  if (!listener) throw notFound(`Listener ${policy.listener_id} not found.`)
  beginListenerChange(call, listener)
}

const create = (call: Call): Reply => {
  const values = readPost(call, form)
  const action = values.get<string>('action')
  const poolId = values.get<string | null>('redirect_pool_id')
  if (action === 'REDIRECT_TO_POOL' && poolId === null) {
    throw badRequest('Invalid L7 Policy arguments: redirect_pool_id or redirect_pool must not be None')
  }
  if (action === 'REDIRECT_TO_URL' && values.get('redirect_url') === null) {
    throw badRequest('Invalid L7 Policy arguments: redirect_url must not be None')
  }
  if (poolId !== null) getPool(call, poolId)
  const listener = getListener(call, values.get<string>('listener_id'))
  beginListenerChange(call, listener)
  checkQuota(call, l7Policies, { name: 'l7policy', title: 'L7 Policy' }, listener.project_id)
  const others = call.store.of(l7Policies).count('listener', listener.id)
  const policy = call.store.of(l7Policies).insert({
    ...newRecord(call, values, listener.project_id),
    load_balancer_id: listener.load_balancer_id,
    listener_id: listener.id,
    name: values.get<string>('name'),
    description: values.get<string>('description'),
    action,
    redirect_pool_id: poolId,
    redirect_url: values.get<string | null>('redirect_url'),
    redirect_prefix: values.get<string | null>('redirect_prefix'),
    redirect_http_code: values.get<number | null>('redirect_http_code'),
    position: Math.min(values.get<number>('position'), others + 1),
  })
  return created({ l7policy: view(call, policy) })
}

/** L7 policies. https://docs.openstack.org/api-ref/load-balancer/v2/#l7-policies */
export const l7PolicyRoutes: Route[] = resourceRoutes(kind, {
  create,
  update: updateOf(kind, { begin: beginPolicyChange }),
  remove: removalOf(kind, {
    begin: beginPolicyChange,
    below: ({ store }, policy) => {
      for (const rule of store.of(l7Rules).where({ policy: policy.id })) {
        store.of(l7Rules).update(rule.id, pendingDelete)
      }
    },
  }),
})
