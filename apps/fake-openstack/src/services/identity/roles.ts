import { notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainReference } from './authentication.ts'
import { listDocument, roleDocument } from './documents.ts'
import { type AssignmentRecord, assignments, projects, type RoleRecord, roles, users } from './records.ts'

const find = (call: Call): RoleRecord => {
  const id = call.param('role_id')
  const role = call.store.of(roles).get(id)
  if (!role) throw notFound(`Could not find role: ${id}.`)
  return role
}

const list = (call: Call) => {
  const name = call.query.get('name')
  const found = name === null ? call.store.of(roles).all() : call.store.of(roles).where({ name: name.toLowerCase() })
  const documents = found.map((role) => roleDocument(call, role))
  return ok(listDocument(call, 'roles', documents))
}

const show = (call: Call) => ok({ role: roleDocument(call, find(call)) })

/** `<user>/<project>` of the path, both of which must exist. */
const place = (call: Call): string => {
  const userId = call.param('user_id')
  const projectId = call.param('project_id')
  if (!call.store.of(projects).has(projectId)) throw notFound(`Could not find project: ${projectId}.`)
  if (!call.store.of(users).has(userId)) throw notFound(`Could not find user: ${userId}.`)
  return `${userId}/${projectId}`
}

const granted = (call: Call) => {
  const found = call.store.of(assignments).where({ userOnProject: place(call) })
  const documents = found.flatMap((assignment) => {
    const role = call.store.of(roles).get(assignment.role_id)
    return role ? [roleDocument(call, role)] : []
  })
  return ok(listDocument(call, 'roles', documents))
}

const grant = (call: Call) => {
  const role = find(call)
  const id = `${place(call)}/${role.id}`
  const all = call.store.of(assignments)
  if (!all.has(id)) {
    all.insert({ id, user_id: call.param('user_id'), project_id: call.param('project_id'), role_id: role.id })
  }
  return noContent()
}

const revoke = (call: Call) => {
  const role = find(call)
  const removed = call.store.of(assignments).delete(`${place(call)}/${role.id}`)
  if (!removed)
    throw notFound(
      `Could not find role assignment with role: ${role.id}, user or group: ${call.param('user_id')}, project, domain, or system: ${call.param('project_id')}.`,
    )
  const issued = call.store.of(tokens)
  for (const token of issued.where({ user: removed.user_id })) {
    if (token.project?.id === removed.project_id) issued.delete(token.id)
  }
  return noContent()
}

const listAssignments = (call: Call) => {
  const user = call.query.get('user.id') ?? undefined
  const project = call.query.get('scope.project.id') ?? undefined
  const roleId = call.query.get('role.id')
  const found = call.store
    .of(assignments)
    .where({ user, project })
    .filter((assignment) => roleId === null || assignment.role_id === roleId)
  const withNames = call.query.has('include_names') && call.query.get('include_names') !== '0'
  const documents = found.map((assignment) => assignmentDocument(call, assignment, withNames))
  return ok(listDocument(call, 'role_assignments', documents))
}

const assignmentDocument = (call: Call, assignment: AssignmentRecord, withNames: boolean) => {
  const project = call.store.of(projects).get(assignment.project_id)
  const user = call.store.of(users).get(assignment.user_id)
  const names = (one: { name: string; domain_id: string } | undefined) =>
    withNames && one ? { name: one.name, domain: domainReference(call, one.domain_id) } : {}
  const roleName = withNames ? { name: call.store.of(roles).get(assignment.role_id)?.name } : {}
  const path = `projects/${assignment.project_id}/users/${assignment.user_id}/roles/${assignment.role_id}`
  return {
    links: { assignment: `${call.serviceUrl}/v3/${path}` },
    scope: { project: { id: assignment.project_id, ...names(project) } },
    user: { id: assignment.user_id, ...names(user) },
    role: { id: assignment.role_id, ...roleName },
  }
}

const admin = (policy: string) => ({ admin: `identity:${policy}` })
const grantPath = '/projects/:project_id/users/:user_id/roles/:role_id'

/** https://docs.openstack.org/api-ref/identity/v3/#roles */
export const roleRoutes: readonly Route[] = [
  { method: 'GET', path: '/roles', operation: 'roles.list', access: admin('list_roles'), handle: list },
  { method: 'GET', path: '/roles/:role_id', operation: 'roles.show', access: admin('get_role'), handle: show },
  {
    method: 'GET',
    path: '/role_assignments',
    operation: 'role-assignments.list',
    access: admin('list_role_assignments'),
    handle: listAssignments,
  },
  {
    method: 'GET',
    path: '/projects/:project_id/users/:user_id/roles',
    operation: 'grants.list',
    access: admin('list_grants'),
    handle: granted,
  },
  { method: 'PUT', path: grantPath, operation: 'grants.create', access: admin('create_grant'), handle: grant },
  { method: 'DELETE', path: grantPath, operation: 'grants.delete', access: admin('revoke_grant'), handle: revoke },
]
