import * as z from 'zod'
import { conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainIdOf } from './authentication.ts'
import { listDocument, projectDocument } from './documents.ts'
import { assignments, nameKey, type ProjectRecord, projects } from './records.ts'

const writable = {
  description: z.string().nullable().optional(),
  enabled: z.boolean().optional(),
  tags: z.array(z.string().max(255)).optional(),
}

const createSchema = z.object({
  project: z.object({
    name: z.string().min(1).max(64),
    domain_id: z.string().nullable().optional(),
    parent_id: z.string().nullable().optional(),
    ...writable,
  }),
})

const updateSchema = z.object({ project: z.object({ name: z.string().min(1).max(64).optional(), ...writable }) })

const find = (call: Call): ProjectRecord => {
  const id = call.param('project_id')
  const project = call.store.of(projects).get(id)
  if (!project) throw notFound(`Could not find project: ${id}.`)
  return project
}

/** Projects of a user: those where a role is assigned. */
export const projectsOf = (call: Call, userId: string): ProjectRecord[] => {
  const ids = new Set(
    call.store
      .of(assignments)
      .where({ user: userId })
      .map((assignment) => assignment.project_id),
  )
  return [...ids].flatMap((id) => call.store.of(projects).get(id) ?? [])
}

const list = (call: Call) => {
  const { query } = call
  const name = query.get('name')?.toLowerCase()
  const domainId = query.get('domain_id') ?? undefined
  const all = call.store.of(projects)
  const found = name !== undefined && domainId !== undefined ? all.where({ name: nameKey(domainId, name) }) : all.all()
  const enabled = query.get('enabled')
  const shown = found.filter(
    (project) =>
      (name === undefined || project.name.toLowerCase() === name) &&
      (domainId === undefined || project.domain_id === domainId) &&
      (enabled === null || String(project.enabled) === enabled.toLowerCase()),
  )
  const documents = shown.map((project) => projectDocument(call, project))
  return ok(listDocument(call, 'projects', documents))
}

/** Tenants may look at the project of their token and at nothing else. */
const show = (call: Call) => {
  if (!call.isAdmin && call.param('project_id') !== call.projectId) {
    throw keystoneDialect.forbidden('identity:get_project')
  }
  return ok({ project: projectDocument(call, find(call)) })
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
  return ok(
    listDocument(
      call,
      'projects',
      projectsOf(call, id).map((project) => projectDocument(call, project)),
    ),
  )
}

const create = (call: Call) => {
  const { project: params } = call.json(createSchema)
  const domain_id = domainIdOf(call, { id: params.domain_id ?? 'default' })
  if (domain_id === undefined) throw notFound(`Could not find domain: ${params.domain_id}.`)
  const all = call.store.of(projects)
  if (all.find({ name: nameKey(domain_id, params.name) })) {
    throw conflict(
      `Conflict occurred attempting to store project - it is not permitted to have two projects with the same name in the same domain : ${params.name}.`,
    )
  }
  const project = all.insert({
    id: call.context.ids.hex(),
    name: params.name,
    description: params.description ?? '',
    domain_id,
    parent_id: params.parent_id ?? domain_id,
    enabled: params.enabled ?? true,
    is_domain: false,
    tags: params.tags ?? [],
  })
  return created({ project: projectDocument(call, project) })
}

const update = (call: Call) => {
  const { id } = find(call)
  const { project: params } = call.json(updateSchema)
  const project = call.store.of(projects).update(id, (before) => ({
    name: params.name ?? before.name,
    description: params.description ?? before.description,
    enabled: params.enabled ?? before.enabled,
    tags: params.tags ?? before.tags,
  }))
  return ok({ project: projectDocument(call, project) })
}

const remove = (call: Call) => {
  const { id } = find(call)
  const granted = call.store.of(assignments)
  for (const assignment of granted.where({ project: id })) granted.delete(assignment.id)
  call.store.of(projects).delete(id)
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
