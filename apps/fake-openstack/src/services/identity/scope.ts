import { ApiError } from '../../kernel/api-error.ts'
import type { TokenRecord } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind } from '../../kernel/dialects/keystone.ts'
import type { AuthRequest } from './auth-request.ts'
import { domainIdOf, domainReference, type Proof, refusal } from './authentication.ts'
import { groupIdsOf } from './groups.ts'
import { withImplied } from './implied-roles.ts'
import { branchAbove } from './project-tree.ts'
import { assignments, grantKey, nameKey, type ProjectRecord, projects, roles, systemId, users } from './records.ts'
import { consumeUse, findTrust } from './trust-use.ts'

/** What a token is for. */
export type Scope = Pick<TokenRecord, 'project' | 'domain' | 'isSystem' | 'roles' | 'trust'>

const unauthorized = (): ApiError => new ApiError(401, 'The request you have made requires authentication.')
const scopeKinds = ['system', 'project', 'domain', 'OS-TRUST:trust', 'unscoped']
const unscoped: Scope = { project: null, domain: null, isSystem: false, roles: [] }

/** What a new token is for: the asked project, the one of an application credential, the user's default, or nothing. */
export const scopeOf = (call: Call, proof: Proof, asked: AuthRequest['scope']): Scope => {
  if (proof.credential) {
    if (asked !== undefined) {
      throw refusal(
        call,
        'Error authenticating with application credential: Application credentials cannot request a scope.',
        {},
      )
    }
    const project = call.store.of(projects).get(proof.credential.project_id)
    if (!project?.enabled) throw unauthorized()
    const granted = rolesOf(call, proof.user.id, project.id)
    const kept = granted.filter((role) => proof.credential?.role_ids.includes(role.id))
    return projectScope(call, project, kept)
  }
  const kinds = typeof asked === 'object' ? Object.keys(asked).filter((key) => scopeKinds.includes(key)) : []
  if (typeof asked === 'object' && kinds.length !== 1) {
    throw expectingToFind('system, project, domain, OS-TRUST:trust or unscoped', 'scope')
  }
  if (asked === 'unscoped' || (asked && 'unscoped' in asked)) return unscoped
  if (asked?.project) return onProject(call, proof, findProject(call, asked.project))
  const trustScope = asked?.['OS-TRUST:trust']
  if (trustScope) return onTrust(call, proof, trustScope.id)
  if (asked?.domain || asked?.system) return adminScope(call, proof, asked)
  const standard = proof.user.default_project_id
  const project = standard === null ? undefined : call.store.of(projects).get(standard)
  return project && rolesOf(call, proof.user.id, project.id).length > 0 ? onProject(call, proof, project) : unscoped
}

/** Roles of a user on a project, a domain or the system: also by its groups, inherited and implied ones; each once. */
export const rolesOf = (call: Call, userId: string, targetId: string): { id: string; name: string }[] => {
  const project = call.store.of(projects).get(targetId)
  const above = project ? branchAbove(call, project.parent_id).map(({ id }) => grantKey('', id, true)) : []
  const granted = [userId, ...groupIdsOf(call, userId)].flatMap((actor) =>
    [grantKey('', targetId), ...above].flatMap((place) =>
      call.store.of(assignments).where({ grant: `${actor}${place}` }),
    ),
  )
  const direct = [...new Set(granted.map((assignment) => assignment.role_id))]
  return withImplied(call, direct).flatMap((id) => {
    const role = call.store.of(roles).get(id)
    // A role of a domain gives nothing by itself.
    return role && role.domain_id === null ? [{ id: role.id, name: role.name }] : []
  })
}

const onProject = (call: Call, proof: Proof, project: ProjectRecord | undefined): Scope => {
  if (!project?.enabled) throw unauthorized()
  return projectScope(call, project, rolesOf(call, proof.user.id, project.id))
}

const refused = (): ApiError => new ApiError(403, 'You are not authorized to perform the requested action.')

/** The roles that the trustor gave, and those that they imply, as long as the trustor has them. */
const onTrust = (call: Call, proof: Proof, trustId: string | undefined): Scope => {
  if (!trustId) throw expectingToFind('trust_id', 'trust')
  const trust = findTrust(call, trustId)
  if (!trust) throw unauthorized()
  const trustor = call.store.of(users).get(trust.trustor_user_id)
  if (proof.user.id !== trust.trustee_user_id || !trustor?.enabled) throw refused()
  const project = trust.project_id === null ? undefined : call.store.of(projects).get(trust.project_id)
  if (!project?.enabled) throw unauthorized()
  const own = rolesOf(call, trustor.id, project.id)
  const given = own.filter((role) => trust.role_ids.includes(role.id))
  if (given.length < trust.role_ids.length) throw refused()
  const kept = withImplied(
    call,
    given.map(({ id }) => id),
  )
  consumeUse(call, trust)
  return {
    ...projectScope(
      call,
      project,
      own.filter(({ id }) => kept.includes(id)),
    ),
    trust: {
      id: trust.id,
      trustorId: trustor.id,
      trusteeId: trust.trustee_user_id,
      impersonation: trust.impersonation,
    },
  }
}

const projectScope = (call: Call, project: ProjectRecord, granted: Scope['roles']): Scope => {
  if (granted.length === 0) throw unauthorized()
  const domain = domainReference(call, project.domain_id)
  return { ...unscoped, project: { id: project.id, name: project.name, domain }, roles: granted }
}

/** Domain scope by a role on the domain; else domain and system scope are for those who are admin somewhere. */
const adminScope = (call: Call, proof: Proof, asked: Exclude<AuthRequest['scope'], 'unscoped' | undefined>): Scope => {
  const domainId = asked.domain && domainIdOf(call, asked.domain)
  const onDomain = domainId === undefined ? [] : rolesOf(call, proof.user.id, domainId)
  if (domainId !== undefined && onDomain.length > 0) {
    return { ...unscoped, domain: domainReference(call, domainId), roles: onDomain }
  }
  const onSystem = asked.system ? rolesOf(call, proof.user.id, systemId) : []
  if (onSystem.length > 0) return { ...unscoped, isSystem: true, roles: onSystem }
  const granted = call.store
    .of(assignments)
    .where({ user: proof.user.id })
    .flatMap((assignment) => call.store.of(roles).get(assignment.role_id) ?? [])
    .filter((role) => role.name === 'admin')
    .slice(0, 1)
    .map(({ id, name }) => ({ id, name }))
  if (granted.length === 0) throw unauthorized()
  if (asked.system) return { ...unscoped, isSystem: true, roles: granted }
  if (domainId === undefined) throw unauthorized()
  return { ...unscoped, domain: domainReference(call, domainId), roles: granted }
}

const findProject = (
  call: Call,
  project: NonNullable<Exclude<AuthRequest['scope'], 'unscoped' | undefined>['project']>,
): ProjectRecord | undefined => {
  const all = call.store.of(projects)
  if (project.id !== undefined) return all.get(project.id)
  if (project.name === undefined) throw expectingToFind('id or name', 'project')
  if (project.domain === undefined) throw expectingToFind('domain', 'project')
  const domainId = domainIdOf(call, project.domain)
  return domainId === undefined ? undefined : all.find({ name: nameKey(domainId, project.name) })
}
