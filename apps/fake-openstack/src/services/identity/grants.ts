import { type ApiError, notFound } from '../../kernel/api-error.ts'
import { tokens } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument, roleDocument } from './documents.ts'
import { type AssignmentRecord, assignments, domains, grantKey, groups, projects, roles, users } from './records.ts'

type Actor = 'user' | 'group'
type Target = 'project' | 'domain'

const actors = { user: users, group: groups } as const
const targets = { project: projects, domain: domains } as const

/** Who has a role where: both parts of the path must exist. */
const placeOf = (call: Call, actor: Actor, target: Target, isInherited: boolean, mayMissActor = false) => {
  const actorId = call.param(`${actor}_id`)
  const targetId = call.param(`${target}_id`)
  const isThere =
    target === 'project' ? call.store.of(targets.project).has(targetId) : call.store.of(targets.domain).has(targetId)
  if (!isThere) throw notFound(`Could not find ${target}: ${targetId}.`)
  const isKnown = actor === 'user' ? call.store.of(actors.user).has(actorId) : call.store.of(actors.group).has(actorId)
  if (!isKnown && !mayMissActor) throw notFound(`Could not find ${actor}: ${actorId}.`)
  return { actorId, targetId, grant: grantKey(actorId, targetId, isInherited) }
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

export const roleIdOf = (call: Call): string => {
  const id = call.param('role_id')
  if (!call.store.of(roles).has(id)) throw notFound(`Could not find role: ${id}.`)
  return id
}

export const noAssignment = (roleId: string, actorId: string, targetId: string): ApiError =>
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

/** Roles that hold on the target itself, or on the projects below it. */
const grantRoutes = (actor: Actor, target: Target, isInherited: boolean): Route[] => {
  const place = `/${target}s/:${target}_id/${actor}s/:${actor}_id/roles`
  const [before, behind] = isInherited ? ['/OS-INHERIT', '/inherited_to_projects'] : ['', '']
  const one = `${before}${place}/:role_id${behind}`
  const usual = actor === 'user' && target === 'project' ? 'grants' : `${target}-${actor}-grants`
  const name = isInherited ? `inherited-${target}-${actor}-grants` : usual
  return [
    {
      method: 'GET',
      path: `${before}${place}${behind}`,
      operation: `${name}.list`,
      access: { admin: 'identity:list_grants' },
      beforeRole: loadTargets(actor, target),
      handle: (call) => {
        const found = call.store.of(assignments).where({ grant: placeOf(call, actor, target, isInherited).grant })
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
      // An inherited role is given to an actor that is not there, too.
      beforeRole: loadTargets(actor, target, isInherited),
      handle: (call) => {
        const role_id = roleIdOf(call)
        const { actorId, targetId, grant } = placeOf(call, actor, target, isInherited, isInherited)
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
          ...(isInherited ? { is_inherited: true } : {}),
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
        const { actorId, targetId, grant } = placeOf(call, actor, target, isInherited)
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
        const { actorId, targetId, grant } = placeOf(call, actor, target, isInherited, true)
        const removed = call.store.of(assignments).delete(`${grant}/${role_id}`)
        if (!removed) throw noAssignment(role_id, actorId, targetId)
        endTokens(call, removed)
        return noContent()
      },
    },
  ]
}

const placeOfGrants: readonly (readonly [Actor, Target, 'inherited'?])[] = [
  ['user', 'project'],
  ['group', 'project'],
  ['user', 'domain'],
  ['group', 'domain'],
  ['user', 'project', 'inherited'],
  ['group', 'project', 'inherited'],
  ['user', 'domain', 'inherited'],
  ['group', 'domain', 'inherited'],
]

/** https://docs.openstack.org/api-ref/identity/v3/#roles: who has which role where. */
export const grantRoutesOfAll: readonly Route[] = placeOfGrants.flatMap(([actor, target, inherited]) =>
  grantRoutes(actor, target, inherited === 'inherited'),
)
