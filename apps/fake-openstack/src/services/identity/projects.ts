import { ApiError, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainIdOf } from './authentication.ts'
import { type DirectoryKind, directoryRoutes, find, inQueriedDomain, listed } from './directory.ts'
import { listDocument, projectDocument } from './documents.ts'
import { hasWantedTags } from './filters.ts'
import { groupIdsOf } from './groups.ts'
import { assignments, nameKey, type ProjectRecord, projects, users } from './records.ts'
import { type Body, readBody } from './schemas.ts'

const projectKind: DirectoryKind<ProjectRecord, 'name' | 'domain'> = {
  name: 'project',
  collection: projects,
  document: projectDocument,
  fields: { name: 'text', domain_id: 'text', enabled: 'flag', parent_id: 'text', is_domain: 'flag' },
}

/** Projects of a user: those where it, or one of its groups, has a role. */
export const projectsOf = (call: Call, userId: string): ProjectRecord[] => {
  const all = call.store.of(assignments)
  const granted = [...all.where({ user: userId }), ...groupIdsOf(call, userId).flatMap((group) => all.where({ group }))]
  const ids = new Set(granted.flatMap((assignment) => assignment.project_id ?? []))
  return [...ids].flatMap((id) => call.store.of(projects).get(id) ?? [])
}

const list = (call: Call) =>
  listed(
    call,
    projectKind,
    inQueriedDomain(call, projectKind).filter((project) => hasWantedTags(call, project.tags)),
  )

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
  return ok(
    listDocument(
      call,
      'projects',
      projectsOf(call, id).map((project) => projectDocument(call, project)),
    ),
  )
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

const create = (call: Call): ProjectRecord => {
  const body = readBody(call, 'project', 'create')
  refuseUnmodelled(body)
  const parent = body.textOrNull('parent_id') ?? undefined
  const above = parent === undefined ? undefined : call.store.of(projects).get(parent)
  const domain_id = domainIdOf(call, { id: body.textOrNull('domain_id') ?? above?.domain_id ?? 'default' })
  if (domain_id === undefined) throw notFound(`Could not find domain: ${body.textOrNull('domain_id')}.`)
  if (parent !== undefined && above === undefined && domainIdOf(call, { id: parent }) === undefined) {
    throw notFound(`Could not find project: ${parent}.`)
  }
  const name = body.text('name') ?? ''
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
    options: body.record('options') ?? {},
    extra: body.extra,
  })
}

const update = (call: Call): ProjectRecord => {
  const body = readBody(call, 'project', 'update')
  refuseUnmodelled(body)
  const before = find(call, projectKind)
  const name = body.text('name') ?? before.name
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, before.domain_id, name)
  return call.store.of(projects).update(before.id, {
    name,
    description: body.has('description') ? (body.textOrNull('description') ?? '') : before.description,
    enabled: body.flag('enabled') ?? before.enabled,
    tags: body.texts('tags') ?? before.tags,
    options: { ...before.options, ...body.record('options') },
    extra: { ...before.extra, ...body.extra },
  })
}

/** Deletes a project and the roles on it. */
export const removeProject = (call: Call, id: string): void => {
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ project: id })) granted.delete(assignment.id)
  call.store.of(projects).delete(id)
}

/** https://docs.openstack.org/api-ref/identity/v3/#projects */
export const projectRoutes: readonly Route[] = [
  ...directoryRoutes(projectKind, {
    list,
    create,
    update,
    remove: (call) => removeProject(call, find(call, projectKind).id),
    authorizeShow,
  }),
  { method: 'GET', path: '/auth/projects', operation: 'auth-projects.list', handle: ofToken },
  { method: 'GET', path: '/users/:user_id/projects', operation: 'user-projects.list', handle: ofUser },
]
