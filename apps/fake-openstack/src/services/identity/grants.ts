import { type ApiError, badRequest, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainReference } from './authentication.ts'
import { listDocument, roleDocument } from './documents.ts'
import { queried } from './filters.ts'
import { type AssignmentRecord, assignments, domains, groups, projects, roles, users } from './records.ts'

type Actor = 'user' | 'group'
type Target = 'project' | 'domain'

const actors = { user: users, group: groups } as const
const targets = { project: projects, domain: domains } as const

/** Who has a role where: both parts of the path must exist. */
const placeOf = (call: Call, actor: Actor, target: Target, mayMissActor = false) => {
  const actorId = call.param(`${actor}_id`)
  const targetId = call.param(`${target}_id`)
  const isThere =
    target === 'project' ? call.store.of(targets.project).has(targetId) : call.store.of(targets.domain).has(targetId)
  if (!isThere) throw notFound(`Could not find ${target}: ${targetId}.`)
  const isKnown = actor === 'user' ? call.store.of(actors.user).has(actorId) : call.store.of(actors.group).has(actorId)
  if (!isKnown && !mayMissActor) throw notFound(`Could not find ${actor}: ${actorId}.`)
  return { actorId, targetId, grant: `${actorId}/${targetId}` }
}

/** What Keystone loads for its policy check, in its order; a role may be taken from a user that is gone. */
const loadTargets =
  (actor: Actor, target: Target, mayMissActor = false) =>
  (call: Call): void => {
    const actorId = call.param(`${actor}_id`)
    const targetId = call.param(`${target}_id`)
    const load = (isThere: boolean, what: string, id: string): void => {
      if (!isThere) throw notFound(`Could not find ${what}: ${id}.`)
    }
    if (target === 'domain') load(call.store.of(domains).has(targetId), target, targetId)
    if (call.params['role_id'] !== undefined) roleIdOf(call)
    const isKnown = actor === 'user' ? call.store.of(users).has(actorId) : call.store.of(groups).has(actorId)
    load(isKnown || mayMissActor, actor, actorId)
    if (target === 'project') load(call.store.of(projects).has(targetId), target, targetId)
  }

const roleIdOf = (call: Call): string => {
  const id = call.param('role_id')
  if (!call.store.of(roles).has(id)) throw notFound(`Could not find role: ${id}.`)
  return id
}

const noAssignment = (roleId: string, actorId: string, targetId: string): ApiError =>
  notFound(
    `Could not find role assignment with role: ${roleId}, user or group: ${actorId}, project, domain, or system: ${targetId}.`,
  )

/** Ends the tokens that a role gave; those of a group's users end when they are used next, as in Keystone. */
const endTokens = (call: Call, { user_id, project_id }: AssignmentRecord): void => {
  if (user_id === null) return
  const issued = call.store.of(tokens)
  for (const token of issued.where({ user: user_id })) {
    if (token.project?.id === project_id) issued.delete(token.id)
  }
}

const grantRoutes = (actor: Actor, target: Target): Route[] => {
  const path = `/${target}s/:${target}_id/${actor}s/:${actor}_id/roles`
  const one = `${path}/:role_id`
  const name = actor === 'user' && target === 'project' ? 'grants' : `${target}-${actor}-grants`
  return [
    {
      method: 'GET',
      path,
      operation: `${name}.list`,
      access: { admin: 'identity:list_grants' },
      beforeRole: loadTargets(actor, target),
      handle: (call) => {
        const found = call.store.of(assignments).where({ grant: placeOf(call, actor, target).grant })
        const documents = found.flatMap((assignment) => {
          const role = call.store.of(roles).get(assignment.role_id)
          return role ? [roleDocument(call, role)] : []
        })
        return ok(listDocument(call, 'roles', documents))
      },
    },
    {
      method: 'PUT',
      path: one,
      operation: `${name}.create`,
      access: { admin: 'identity:create_grant' },
      beforeRole: loadTargets(actor, target),
      handle: (call) => {
        const role_id = roleIdOf(call)
        const { actorId, targetId, grant } = placeOf(call, actor, target)
        const id = `${grant}/${role_id}`
        const all = call.store.of(assignments)
        if (all.has(id)) return noContent()
        all.insert({
          id,
          user_id: actor === 'user' ? actorId : null,
          group_id: actor === 'group' ? actorId : null,
          project_id: target === 'project' ? targetId : null,
          domain_id: target === 'domain' ? targetId : null,
          role_id,
        })
        return noContent()
      },
    },
    {
      method: 'GET',
      path: one,
      operation: `${name}.show`,
      access: { admin: 'identity:check_grant' },
      beforeRole: loadTargets(actor, target),
      handle: (call) => {
        const role_id = roleIdOf(call)
        const { actorId, targetId, grant } = placeOf(call, actor, target)
        if (!call.store.of(assignments).has(`${grant}/${role_id}`)) throw noAssignment(role_id, actorId, targetId)
        return noContent()
      },
    },
    {
      method: 'DELETE',
      path: one,
      operation: `${name}.delete`,
      access: { admin: 'identity:revoke_grant' },
      beforeRole: loadTargets(actor, target, true),
      handle: (call) => {
        const role_id = roleIdOf(call)
        const { actorId, targetId, grant } = placeOf(call, actor, target, true)
        const removed = call.store.of(assignments).delete(`${grant}/${role_id}`)
        if (!removed) throw noAssignment(role_id, actorId, targetId)
        endTokens(call, removed)
        return noContent()
      },
    },
  ]
}

/** Filters that exclude each other. */
const rivals = [
  ['scope.domain.id', 'scope.project.id', 'Specify a domain or project, not both'],
  ['scope.domain.id', 'scope.system', 'Specify system or domain, not both'],
  ['scope.project.id', 'scope.system', 'Specify system or project, not both'],
  ['user.id', 'group.id', 'Specify a user or group, not both'],
] as const

const listAssignments = (call: Call) => {
  for (const [one, other, refusal] of rivals) {
    if (call.query.get(one) && call.query.get(other)) throw badRequest(refusal)
  }
  const found = call.store.of(assignments).where({
    user: queried(call, 'user.id'),
    group: queried(call, 'group.id'),
    project: queried(call, 'scope.project.id'),
    domain: queried(call, 'scope.domain.id'),
    role: queried(call, 'role.id'),
  })
  const withNames = call.query.has('include_names') && call.query.get('include_names') !== '0'
  const documents = found.map((assignment) => assignmentDocument(call, assignment, withNames))
  return ok(listDocument(call, 'role_assignments', documents))
}

const assignmentDocument = (call: Call, assignment: AssignmentRecord, withNames: boolean) => {
  const { store } = call
  const named = (one: { name: string; domain_id: string } | undefined) =>
    withNames && one ? { name: one.name, domain: domainReference(call, one.domain_id) } : {}
  const roleName = withNames ? { name: store.of(roles).get(assignment.role_id)?.name } : {}
  const { user_id, group_id, project_id, domain_id } = assignment
  const target = project_id === null ? `domains/${domain_id}` : `projects/${project_id}`
  const actor = user_id === null ? `groups/${group_id}` : `users/${user_id}`
  return {
    links: { assignment: `${call.serviceUrl}/v3/${target}/${actor}/roles/${assignment.role_id}` },
    scope:
      project_id === null
        ? {
            domain: {
              id: domain_id,
              ...(withNames ? { name: store.of(domains).get(domain_id ?? '')?.name } : {}),
            },
          }
        : { project: { id: project_id, ...named(store.of(projects).get(project_id)) } },
    ...(user_id === null
      ? { group: { id: group_id, ...named(store.of(groups).get(group_id ?? '')) } }
      : { user: { id: user_id, ...named(store.of(users).get(user_id)) } }),
    role: { id: assignment.role_id, ...roleName },
  }
}

/** https://docs.openstack.org/api-ref/identity/v3/#roles: who has which role where. */
export const grantRoutesOfAll: readonly Route[] = [
  ...grantRoutes('user', 'project'),
  ...grantRoutes('group', 'project'),
  ...grantRoutes('user', 'domain'),
  ...grantRoutes('group', 'domain'),
  {
    method: 'GET',
    path: '/role_assignments',
    operation: 'role-assignments.list',
    access: { admin: 'identity:list_role_assignments' },
    handle: listAssignments,
  },
]
