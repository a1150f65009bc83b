import { badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainIdOf } from './authentication.ts'
import { type DirectoryKind, directoryRoutes, find, inQueriedDomain, listed } from './directory.ts'
import { domainAsProject, listDocument, projectDocument } from './documents.ts'
import { hasWantedTags, isTrue } from './filters.ts'
import { groupIdsOf } from './groups.ts'
import { checkDeletable, checkMutable } from './immutability.ts'
import { relatives } from './project-relatives.ts'
import { checkEnabled, checkLeaf, checkPlace } from './project-tree.ts'
import { assignments, type DomainRecord, domains, nameKey, type ProjectRecord, projects, users } from './records.ts'
import { mergedOptions } from './resource-options.ts'
import { checkDomain, checkId, readBody } from './schemas.ts'

/** Projects as paths and responses have them. */
export const projectKind: DirectoryKind<ProjectRecord, 'name' | 'domain'> = {
  name: 'project',
  collection: projects,
  document: projectDocument,
  fields: { name: 'text', domain_id: 'text', enabled: 'flag', parent_id: 'text' },
}

/** Domains are projects too, of no domain. */
const domainKind: DirectoryKind<DomainRecord, 'name'> = {
  ...projectKind,
  collection: domains,
  document: domainAsProject,
}

/** Keystone itself selects among the projects of a user. */
const projectOfUserKind: DirectoryKind<ProjectRecord, 'name' | 'domain'> = {
  ...projectKind,
  fields: { name: 'exact', domain_id: 'exact', enabled: 'flag' },
}

/** Projects of a user: those where it, or one of its groups, has a role. */
export const projectsOf = (call: Call, userId: string): ProjectRecord[] => {
  const all = call.store.of(assignments)
  const granted = [...all.where({ user: userId }), ...groupIdsOf(call, userId).flatMap((group) => all.where({ group }))]
  const ids = new Set(granted.flatMap((assignment) => assignment.project_id ?? []))
  return [...ids].flatMap((id) => call.store.of(projects).get(id) ?? [])
}

const list = (call: Call) => {
  const isWanted = ({ tags = [] }: { tags?: readonly string[] }): boolean => hasWantedTags(call, tags)
  return isTrue(call.query.get('is_domain') ?? '0')
    ? listed(call, domainKind, call.store.of(domains).all().filter(isWanted))
    : listed(call, projectKind, inQueriedDomain(call, projectKind).filter(isWanted))
}

const show = (call: Call): object => {
  const domain = call.store.of(domains).get(call.param('project_id'))
  const document = domain ? domainAsProject(call, domain) : projectDocument(call, find(call, projectKind))
  return { ...document, ...relatives(call, document, () => projectsOf(call, call.userId)) }
}

/** Tenants may look at the project of their token and at nothing else. */
const authorizeShow = (call: Call): void => {
  if (call.param('project_id') !== call.projectId) call.requireAdmin('identity:get_project')
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
  return listed(call, projectOfUserKind, projectsOf(call, id))
}

const refuseDuplicate = (call: Call, domainId: string, name: string): void => {
  if (!call.store.of(projects).find({ name: nameKey(domainId, name) })) return
  throw conflict(
    `Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : ${name}.`,
  )
}

const create = (call: Call): ProjectRecord => {
  const body = readBody(call, 'project', 'create')
  const parent = body.textOrNull('parent_id') ?? undefined
  const domain_id = domainIdOf(call, { id: body.textOrNull('domain_id') ?? 'default' })
  if (domain_id === undefined) throw badRequest(`Could not find domain: ${body.textOrNull('domain_id')}.`)
  const isKnown = parent === undefined || call.store.of(projects).has(parent) || call.store.of(domains).has(parent)
  if (!isKnown) throw badRequest(`Could not find project: ${parent}.`)
  checkPlace(call, domain_id, parent ?? domain_id)
  const name = (body.text('name') ?? '').trim()
  refuseDuplicate(call, domain_id, name)
  return call.store.of(projects).insert({
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
}

const update = (call: Call): ProjectRecord => {
  const body = readBody(call, 'project', 'update')
  checkId(body, call.param('project_id'))
  const before = find(call, projectKind)
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
  return call.store.of(projects).update(before.id, {
    name,
    description: body.has('description') ? (body.textOrNull('description') ?? '') : before.description,
    enabled: body.flag('enabled') ?? before.enabled,
    tags: body.texts('tags') ?? before.tags,
    options: mergedOptions(before.options, body),
    extra: { ...before.extra, ...body.extra },
  })
}

/** Deletes a project and the roles on it. */
export const removeProject = (call: Call, id: string): void => {
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ project: id })) granted.delete(assignment.id)
  call.store.of(projects).delete(id)
}

const remove = (call: Call): void => {
  const project = find(call, projectKind)
  checkDeletable('project', project)
  checkLeaf(call, project.id)
  removeProject(call, project.id)
}

/** https://docs.openstack.org/api-ref/identity/v3/#projects */
export const projectRoutes: readonly Route[] = [
  ...directoryRoutes(projectKind, {
    list,
    create,
    update,
    documentOfUpdate: (call, project) => ({ ...projectDocument(call, project), extra: project.extra ?? {} }),
    remove,
    authorizeShow,
    show,
  }),
  { method: 'GET', path: '/auth/projects', operation: 'auth-projects.list', handle: ofToken },
  { method: 'GET', path: '/users/:user_id/projects', operation: 'user-projects.list', handle: ofUser },
]
