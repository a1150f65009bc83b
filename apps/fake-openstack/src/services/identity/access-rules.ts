import * as z from 'zod'
import { forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument } from './documents.ts'
import { filtered } from './filters.ts'
import { type AccessRuleRecord, accessRules, applicationCredentials } from './records.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'] as const

/** An access rule of a new application credential: one that the user has, or what it allows. */
export const accessRuleSchema = z.union([
  z.strictObject({ id: z.string().min(1) }),
  z.strictObject({ path: z.string().max(128), method: z.enum(methods), service: z.string().max(64) }),
])

/** What a credential shows of a rule. */
export const accessRuleReference = ({ id, service, path, method }: AccessRuleRecord) => ({ id, service, path, method })

const missing = (id: string) => notFound(`Could not find Access Rule: ${id}.`)

/** The user's rule that allows the same, or a new one; equal rules are one. */
export const accessRuleIdOf = (call: Call, asked: z.infer<typeof accessRuleSchema>): string => {
  const all = call.store.of(accessRules)
  const own = all.where({ user: call.userId })
  if ('id' in asked) {
    if (!own.some(({ id }) => id === asked.id)) throw missing(asked.id)
    return asked.id
  }
  const { path, method, service } = asked
  const known = own.find((one) => one.path === path && one.method === method && one.service === service)
  return (known ?? all.insert({ id: call.context.ids.hex(), user_id: call.userId, path, method, service })).id
}

const document = (call: Call, rule: AccessRuleRecord) => ({
  ...accessRuleReference(rule),
  links: { self: `${call.serviceUrl}/v3/access_rules/${rule.id}` },
})

const requireOwner = (call: Call, policy: string): void => {
  if (call.param('user_id') !== call.userId) call.requireAdmin(`identity:${policy}`)
}

const find = (call: Call): AccessRuleRecord => {
  const rule = call.store.of(accessRules).get(call.param('rule_id'))
  if (rule?.user_id !== call.param('user_id')) throw missing(call.param('rule_id'))
  return rule
}

const list = (call: Call) => {
  requireOwner(call, 'list_access_rules')
  const rules = call.store.of(accessRules).where({ user: call.param('user_id') })
  const documents = rules.map((rule) => document(call, rule))
  const fields = { service: 'text', path: 'text', method: 'text' } as const
  return ok(listDocument(call, 'access_rules', filtered(call, documents, fields)))
}

const show = (call: Call) => {
  requireOwner(call, 'get_access_rule')
  return ok({ access_rule: document(call, find(call)) })
}

const remove = (call: Call) => {
  requireOwner(call, 'delete_access_rule')
  const { id, user_id } = find(call)
  const credentials = call.store.of(applicationCredentials).where({ user: user_id })
  if (credentials.some((one) => one.access_rule_ids?.includes(id))) throw forbidden('May not delete access rule in use')
  call.store.of(accessRules).delete(id)
  return noContent()
}

const collection = '/users/:user_id/access_rules'
const one = `${collection}/:rule_id`

/** https://docs.openstack.org/api-ref/identity/v3/#application-credentials: access rules. */
export const accessRuleRoutes: readonly Route[] = [
  { method: 'GET', path: collection, operation: 'access-rules.list', handle: list },
  { method: 'GET', path: one, operation: 'access-rules.show', handle: show },
  { method: 'DELETE', path: one, operation: 'access-rules.delete', handle: remove },
]
