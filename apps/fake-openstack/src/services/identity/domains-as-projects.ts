import { badRequest, forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Route } from '../../kernel/service.ts'
import { domainAsProject } from './documents.ts'
import { changeDomain, removeDomain, storeDomain } from './domains.ts'
import { type DomainRecord, domains } from './records.ts'
import { checkId, readBody } from './schemas.ts'

const asksForDomain = (call: Call): boolean => {
  const project = isObject(call.rawJson) ? call.rawJson['project'] : undefined
  return isObject(project) && project['is_domain'] === true
}

const create = (call: Call) => {
  const body = readBody(call, 'project', 'create')
  if ((body.textOrNull('parent_id') ?? body.textOrNull('domain_id') ?? '') !== '') {
    throw badRequest('only root projects are allowed to act as domains.')
  }
  return created({ project: domainAsProject(call, storeDomain(call, body, call.context.ids.hex())) })
}

const update = (call: Call, before: DomainRecord) => {
  const body = readBody(call, 'project', 'update')
  checkId(body, before.id)
  if (body.has('domain_id') && body.textOrNull('domain_id') !== null) throw badRequest('Cannot change Domain ID')
  if (body.has('parent_id') && body.textOrNull('parent_id') !== null) {
    throw forbidden('Update of `parent_id` is not allowed.')
  }
  if (body.has('is_domain') && body.flag('is_domain') !== true) {
    throw badRequest('Update of `is_domain` is not allowed.')
  }
  const domain = changeDomain(call, before, body)
  return ok({ project: { ...domainAsProject(call, domain), extra: domain.extra ?? {} } })
}

const remove = (call: Call, domain: DomainRecord) => {
  removeDomain(call, domain)
  return noContent()
}

const ofDomain: Readonly<Record<string, (call: Call, domain: DomainRecord) => ReturnType<Handler>>> = {
  'projects.update': update,
  'projects.delete': remove,
}

/** Creates, changes and deletes projects that act as domains by the routes of projects. */
export const forDomainsToo = (route: Route): Route => {
  if (route.operation === 'projects.create') {
    return { ...route, handle: (call) => (asksForDomain(call) ? create(call) : route.handle(call)) }
  }
  const handle = ofDomain[route.operation]
  if (!handle) return route
  return {
    ...route,
    handle: (call) => {
      const domain = call.store.of(domains).get(call.param('project_id'))
      return domain ? handle(call, domain) : route.handle(call)
    },
  }
}
