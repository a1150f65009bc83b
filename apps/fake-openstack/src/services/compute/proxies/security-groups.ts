import * as z from 'zod'
import { type ApiError, badRequest, forbidden, notFound } from '../../../kernel/api-error.ts'
import type { Call } from '../../../kernel/call.ts'
import { accepted, ok } from '../../../kernel/reply.ts'
import { isUuidLike } from '../../../kernel/schema-formats.ts'
import type { Route } from '../../../kernel/service.ts'
import { limited, neutronWords, objectOfBody, proxy, translated, unexpectedOfNeutron } from './proxy-answers.ts'
import { type NewRule, newRuleOf } from './security-group-rule.ts'
import { groupView, neutronGroup, neutronRule, portsOf, ruleView, sortedGroups } from './security-group-view.ts'

const one = z.object({ security_group: neutronGroup })
const many = z.object({ security_groups: z.array(neutronGroup) })

type Group = z.infer<typeof neutronGroup>

/** Refusals of Neutron that Nova expects, by status; all others are a 500. */
const refused =
  (call: Call, expected: Readonly<Record<number, (words: string) => ApiError>>) =>
  (error: ApiError): ApiError =>
    expected[error.status]?.(neutronWords(call, error)) ?? unexpectedOfNeutron(error)

const checkedId = (id: unknown): string => {
  if (!isUuidLike(id)) throw badRequest('Security group id should be uuid')
  return String(id)
}

const groupOf = (call: Call, id: unknown): Group => {
  const path = `/v2.0/security-groups/${checkedId(id)}`
  return translated(
    () => call.ask(one, { service: 'network', method: 'GET', path }).security_group,
    refused(call, { 404: notFound }),
  )
}

const viewOf = (call: Call, group: Group) =>
  groupView(group, (id) => {
    try {
      return groupOf(call, id)
    } catch {
      return undefined
    }
  })

const show = (call: Call) => ok({ security_group: viewOf(call, groupOf(call, call.param('id'))) })

const list = (call: Call) => {
  const isAll = call.isAdmin && call.query.has('all_tenants')
  const path = `/v2.0/security-groups${isAll ? '' : `?tenant_id=${call.projectId}`}`
  const { security_groups } = call.ask(many, { service: 'network', method: 'GET', path })
  return ok({ security_groups: sortedGroups(limited(call, security_groups).map((group) => viewOf(call, group))) })
}

const textOf = (fields: Readonly<Record<string, unknown>>, key: 'name' | 'description'): string => {
  const value = fields[key]
  if (typeof value !== 'string') throw badRequest(`${key} is not a string or unicode`)
  const { length } = [...value]
  if (length > 255) throw badRequest(`${key} has ${length} characters, more than 255.`)
  return value
}

const create = (call: Call) => {
  const fields = objectOfBody(call, 'security_group')
  const body = { security_group: { name: textOf(fields, 'name'), description: textOf(fields, 'description') } }
  const { security_group } = translated(
    () => call.ask(one, { service: 'network', method: 'POST', path: '/v2.0/security-groups', body }),
    refused(call, { 400: badRequest, 409: forbidden }),
  )
  return ok({ security_group: viewOf(call, security_group) })
}

const update = (call: Call) => {
  const { id } = groupOf(call, call.param('id'))
  const fields = objectOfBody(call, 'security_group')
  const body = { security_group: { name: textOf(fields, 'name'), description: textOf(fields, 'description') } }
  const { security_group } = translated(
    () => call.ask(one, { service: 'network', method: 'PUT', path: `/v2.0/security-groups/${id}`, body }),
    refused(call, {}),
  )
  return ok({ security_group: viewOf(call, security_group) })
}

const remove = (call: Call) => {
  const { id } = groupOf(call, call.param('id'))
  translated(
    () => call.ask(z.undefined(), { service: 'network', method: 'DELETE', path: `/v2.0/security-groups/${id}` }),
    refused(call, { 404: notFound, 409: badRequest }),
  )
  return accepted()
}

const createRule = (call: Call) => {
  const fields = objectOfBody(call, 'security_group_rule')
  const parent = groupOf(call, fields['parent_group_id'])
  const groupId = fields['group_id'] ?? null
  if (groupId !== null) groupOf(call, groupId)
  const rule = newRuleOf({ ...fields, group_id: groupId })
  checkNewRule(parent, rule)
  const body = { security_group_rules: [{ ...rule, security_group_id: parent.id }] }
  const { security_group_rules } = translated(
    () =>
      call.ask(z.object({ security_group_rules: z.array(neutronRule) }), {
        service: 'network',
        method: 'POST',
        path: '/v2.0/security-group-rules',
        body,
      }),
    refused(call, { 400: badRequest, 404: notFound, 409: forbidden }),
  )
  return ok({ security_group_rule: security_group_rules.map((made) => ruleView(made, (id) => groupOf(call, id)))[0] })
}

/** Nova compares with the rules as it shows them; one for a group has no prefix there and is never found. */
const checkNewRule = (parent: Group, rule: NewRule): void => {
  const [from, to] = portsOf({ port_range_min: null, port_range_max: null, ...rule })
  const same = parent.security_group_rules.some((known) => {
    const [knownFrom, knownTo] = portsOf(known)
    return (
      known.direction === 'ingress' &&
      known.remote_group_id === rule.remote_group_id &&
      (known.remote_ip_prefix ?? '0.0.0.0/0') === rule.remote_ip_prefix &&
      known.protocol === rule.protocol &&
      knownFrom === from &&
      knownTo === to
    )
  })
  if (same) throw badRequest(`This rule already exists in group ${parent.id}`)
}

const removeRule = (call: Call) => {
  const path = `/v2.0/security-group-rules/${checkedId(call.param('id'))}`
  translated(() => call.ask(z.unknown(), { service: 'network', method: 'GET', path }), refused(call, { 404: notFound }))
  translated(() => call.ask(z.undefined(), { service: 'network', method: 'DELETE', path }), refused(call, {}))
  return accepted()
}

/** https://docs.openstack.org/api-ref/compute/#security-groups-os-security-groups-deprecated */
export const securityGroupProxyRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-security-groups', operation: 'security-groups.list', handle: proxy(list) },
  { method: 'POST', path: '/os-security-groups', operation: 'security-groups.create', handle: proxy(create) },
  { method: 'GET', path: '/os-security-groups/:id', operation: 'security-groups.show', handle: proxy(show) },
  { method: 'PUT', path: '/os-security-groups/:id', operation: 'security-groups.update', handle: proxy(update) },
  { method: 'DELETE', path: '/os-security-groups/:id', operation: 'security-groups.delete', handle: proxy(remove) },
  {
    method: 'POST',
    path: '/os-security-group-rules',
    operation: 'security-group-rules.create',
    handle: proxy(createRule),
  },
  {
    method: 'DELETE',
    path: '/os-security-group-rules/:id',
    operation: 'security-group-rules.delete',
    handle: proxy(removeRule),
  },
]
