import { ApiError, badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainIdOf } from './authentication.ts'
import { domainAsProject, listDocument, projectDocument } from './documents.ts'
import { filtered, hasWantedTags, isTrue, queried } from './filters.ts'
import { groupIdsOf } from './groups.ts'
import { checkDeletable, checkMutable } from './immutability.ts'
import { relatives } from './project-relatives.ts'
import { checkEnabled, checkLeaf, checkPlace } from './project-tree.ts'
import { assignments, domains, nameKey, type ProjectRecord, projects, users } from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { type Body, checkDomain, checkId, readBody } from './schemas.ts'

const find = (call: Call): ProjectRecord => {
  const id = call.param('project_id')
  const project = call.store.of(projects).get(id)
  if (!project) throw notFound(`Could not find project: ${id}.`)
  return project
}

/** Projects of a user: those where it, or one of its groups, has a role. */
export const projectsOf = (call: Call, userId: string): ProjectRecord[] => {
  const all = call.store.of(assignments)
  const granted = [...all.where({ user: userId }), ...groupIdsOf(call, userId).flatMap((group) => all.where({ group }))]
  const ids = new Set(granted.flatMap((assignment) => assignment.project_id ?? []))
  return [...ids].flatMap((id) => call.store.of(projects).get(id) ?? [])
}

const fields = { name: 'text', domain_id: 'text', enabled: 'flag', parent_id: 'text' } as const

const list = (call: Call) => {
  const { query } = call
  if (isTrue(query.get('is_domain') ?? '0')) return listDomains(call)
  const name = query.get('name')?.toLowerCase()
  const domain = queried(call, 'domain_id')
  const all = call.store.of(projects)
  const found =
    name !== undefined && domain !== undefined ? all.where({ name: nameKey(domain, name) }) : all.where({ domain })
  const documents = found
    .filter((project) => hasWantedTags(call, project.tags))
    .map((project) => projectDocument(call, project))
  return ok(listDocument(call, 'projects', filtered(call, documents, fields)))
}

/** Domains are projects too, of no domain. */
const listDomains = (call: Call) => {
  const all = call.store.of(domains).all()
  const documents = all
    .filter((domain) => hasWantedTags(call, domain.tags ?? []))
    .map((domain) => domainAsProject(call, domain))
  return ok(listDocument(call, 'projects', filtered(call, documents, fields)))
}

/** Tenants may look at the project of their token and at nothing else. */
const show = (call: Call) => {
  if (!call.isAdmin && call.param('project_id') !== call.projectId) {
    throw keystoneDialect.forbidden('identity:get_project')
  }
  const domain = call.store.of(domains).get(call.param('project_id'))
  const document = domain ? domainAsProject(call, domain) : projectDocument(call, find(call))
  return ok({ project: { ...document, ...relatives(call, document, () => projectsOf(call, call.userId)) } })
}

const ofToken = (call: Call) =>
  ok(
    listDocument(
      call,
      'projects',
      projectsOf(call, call.userId).map((project) => projectDocument(call, project)),
    ),
  )

const ofUser = (call: Call) => {
  const id = call.param('user_id')
  if (id !== call.userId) call.requireAdmin('identity:list_user_projects')
  if (!call.store.of(users).has(id)) throw notFound(`Could not find user: ${id}.`)
  const documents = projectsOf(call, id).map((project) => projectDocument(call, project))
  const exact = { name: 'exact', domain_id: 'exact', enabled: 'flag' } as const
  return ok(listDocument(call, 'projects', filtered(call, documents, exact)))
}

const refuseDuplicate = (call: Call, domainId: string, name: string): void => {
  if (!call.store.of(projects).find({ name: nameKey(domainId, name) })) return
  throw conflict(
    `Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : ${name}.`,
  )
}

/** Keys that ask for more than the fake keeps of projects. */
const refuseUnmodelled = (body: Body): void => {
  if (body.flag('is_domain') === true) throw new ApiError(501, 'The fake does not model projects that act as domains.')
}

const create = (call: Call) => {
  const body = readBody(call, 'project', 'create')
  refuseUnmodelled(body)
  const parent = body.textOrNull('parent_id') ?? undefined
  const domain_id = domainIdOf(call, { id: body.textOrNull('domain_id') ?? 'default' })
  if (domain_id === undefined) throw badRequest(`Could not find domain: ${body.textOrNull('domain_id')}.`)
  const isKnown = parent === undefined || call.store.of(projects).has(parent) || call.store.of(domains).has(parent)
  if (!isKnown) throw badRequest(`Could not find project: ${parent}.`)
  checkPlace(call, domain_id, parent ?? domain_id)
  const name = (body.text('name') ?? '').trim()
  refuseDuplicate(call, domain_id, name)
  const project = call.store.of(projects).insert({
    id: call.context.ids.hex(),
    name,
    description: body.textOrNull('description') ?? '',
    domain_id,
    parent_id: parent ?? domain_id,
    enabled: body.flag('enabled') ?? true,
    is_domain: false,
    tags: body.texts('tags') ?? [],
    options: mergedOptions({}, body),
    extra: body.extra,
  })
  return created({ project: projectDocument(call, project) })
}

/** Domains are changed and deleted as domains. */
const refuseDomain = (call: Call): void => {
  if (!call.store.of(domains).has(call.param('project_id'))) return
  throw new ApiError(501, 'The fake does not model changes of a domain as a project.')
}

const update = (call: Call) => {
  const body = readBody(call, 'project', 'update')
  checkId(body, call.param('project_id'))
  refuseDomain(call)
  const before = find(call)
  checkDomain(body, before)
  checkMutable('project', before, body)
  if (body.has('parent_id') && body.textOrNull('parent_id') !== before.parent_id) {
    throw forbidden('Update of `parent_id` is not allowed.')
  }
  if (body.has('is_domain') && body.flag('is_domain') !== before.is_domain) {
    throw badRequest('Update of `is_domain` is not allowed.')
  }
  checkEnabled(call, before, body.flag('enabled') ?? true)
  const name = (body.text('name') ?? before.name).trim()
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, before.domain_id, name)
  const project = call.store.of(projects).update(before.id, {
    name,
    description: body.has('description') ? (body.textOrNull('description') ?? '') : before.description,
    enabled: body.flag('enabled') ?? before.enabled,
    tags: body.texts('tags') ?? before.tags,
    options: mergedOptions(before.options, body),
    extra: { ...before.extra, ...body.extra },
  })
  return ok({ project: { ...projectDocument(call, project), extra: project.extra ?? {} } })
}

/** Deletes a project and the roles on it. */
export const removeProject = (call: Call, id: string): void => {
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ project: id })) granted.delete(assignment.id)
  call.store.of(projects).delete(id)
}

const remove = (call: Call) => {
  refuseDomain(call)
  const project = find(call)
  checkDeletable('project', project)
  checkLeaf(call, project.id)
  removeProject(call, project.id)
  return noContent()
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })

/** https://docs.openstack.org/api-ref/identity/v3/#projects */
export const projectRoutes: readonly Route[] = [
  { method: 'GET', path: '/projects', operation: 'projects.list', access: admin('list_projects'), handle: list },
  { method: 'POST', path: '/projects', operation: 'projects.create', access: admin('create_project'), handle: create },
  { method: 'GET', path: '/projects/:project_id', operation: 'projects.show', handle: show },
  {
    method: 'PATCH',
    path: '/projects/:project_id',
    operation: 'projects.update',
    access: admin('update_project'),
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/projects/:project_id',
    operation: 'projects.delete',
    access: admin('delete_project'),
    handle: remove,
  },
  { method: 'GET', path: '/auth/projects', operation: 'auth-projects.list', handle: ofToken },
  { method: 'GET', path: '/users/:user_id/projects', operation: 'user-projects.list', handle: ofUser },
]
