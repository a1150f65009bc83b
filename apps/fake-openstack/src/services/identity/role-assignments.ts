import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { domainReference } from './authentication.ts'
import { listDocument } from './documents.ts'
import { queried } from './filters.ts'
import { groupIdsOf } from './groups.ts'
import { impliedBy } from './implied-roles.ts'
import { descendantsOf } from './project-tree.ts'
import { type AssignmentRecord, assignments, domains, groups, memberships, projects, roles, users } from './records.ts'

/** Filters that exclude each other. */
const rivals = [
  ['scope.domain.id', 'scope.project.id', 'Specify a domain or project, not both'],
  ['scope.domain.id', 'scope.system', 'Specify system or domain, not both'],
  ['scope.project.id', 'scope.system', 'Specify system or project, not both'],
  ['user.id', 'group.id', 'Specify a user or group, not both'],
] as const

const isSet = (call: Call, flag: string): boolean => call.query.has(flag) && call.query.get(flag) !== '0'

/** What the query asks for. */
const readQuery = (call: Call) => {
  const inheritedTo = call.query.get('scope.OS-INHERIT:inherited_to')
  const query = {
    user: queried(call, 'user.id'),
    group: queried(call, 'group.id'),
    project: queried(call, 'scope.project.id'),
    domain: queried(call, 'scope.domain.id'),
    role: queried(call, 'role.id'),
    ofSystem: call.query.get('scope.system') === 'all',
    isInherited: inheritedTo === null ? undefined : inheritedTo === 'projects',
    withSubtree: isSet(call, 'include_subtree'),
    isEffective: isSet(call, 'effective'),
  }
  if (query.withSubtree && !query.project) {
    throw badRequest('scope.project.id must be specified if include_subtree is also specified')
  }
  for (const [one, other, refusal] of rivals) {
    if (call.query.get(one) && call.query.get(other)) throw badRequest(refusal)
  }
  if (query.isEffective && query.group) {
    throw badRequest('Combining effective and group filter will always result in an empty list.')
  }
  if (query.isEffective && query.isInherited && query.domain) {
    throw badRequest('Combining effective, domain and inherited filters will always result in an empty list.')
  }
  return query
}

type Query = ReturnType<typeof readQuery>

/** An assignment as the list shows it, and what it follows from where it is not a stored one. */
interface Shown {
  readonly stored: AssignmentRecord
  /** The user, where the role is a group's. */
  readonly memberId?: string
  /** The project, where the role is inherited. */
  readonly projectId?: string
  readonly roleId: string
  /** The role that implies this one. */
  readonly priorId?: string
}

const projectsOf = (call: Call, query: Query): readonly string[] | undefined => {
  if (query.project === undefined) return undefined
  return [query.project, ...(query.withSubtree ? descendantsOf(call, query.project).map(({ id }) => id) : [])]
}

const hasInheritance = ({ isInherited }: Query, { is_inherited = false }: AssignmentRecord): boolean =>
  isInherited === undefined || is_inherited === isInherited

/** The stored assignments that the query selects; those on the system come last. */
const direct = (call: Call, query: Query): Shown[] => {
  const { user, group, domain, role } = query
  const wanted = projectsOf(call, query)
  const found = call.store
    .of(assignments)
    .where({ user, group, domain, role })
    .filter((one) => wanted === undefined || wanted.includes(one.project_id ?? ''))
  const ofSystem = found.filter((one) => one.is_system)
  const others = found.filter((one) => !query.ofSystem && !one.is_system && hasInheritance(query, one))
  return [...others, ...ofSystem].map((stored) => ({ stored, roleId: stored.role_id }))
}

/** Where an inherited role holds: below a project, or in a domain. */
const heirsOf = (call: Call, { project_id, domain_id }: AssignmentRecord): string[] => {
  const heirs =
    project_id === null ? call.store.of(projects).where({ domain: domain_id ?? '' }) : descendantsOf(call, project_id)
  return heirs.map(({ id }) => id)
}

/** Roles that users have: by their groups, by inheritance, and because other roles imply them. */
const effective = (call: Call, query: Query): Shown[] => {
  const { user, domain, role } = query
  const actors = user === undefined ? undefined : [user, ...groupIdsOf(call, user)]
  const wanted = projectsOf(call, query)
  const stored = call.store
    .of(assignments)
    .all()
    .filter((one) => !one.is_system && (actors?.includes(one.user_id ?? one.group_id ?? '') ?? true))
    .filter((one) => hasInheritance(query, one))
  const onTargets = stored.flatMap((one): Shown[] => {
    const shown = { stored: one, roleId: one.role_id }
    return one.is_inherited ? heirsOf(call, one).map((projectId) => ({ ...shown, projectId })) : [shown]
  })
  const ofUsers = onTargets
    .filter((one) => domain === undefined || (one.projectId === undefined && one.stored.domain_id === domain))
    .filter((one) => wanted?.includes(one.projectId ?? one.stored.project_id ?? '') ?? true)
    .flatMap((one): Shown[] => {
      if (one.stored.user_id !== null) return [one]
      const members = call.store.of(memberships).where({ group: one.stored.group_id ?? '' })
      return members
        .filter(({ user_id }) => (user ?? user_id) === user_id)
        .map(({ user_id }) => ({ ...one, memberId: user_id }))
    })
  const implied = ofUsers.flatMap((one): Shown[] =>
    impliedBy(call, one.roleId).map((rule) => ({
      ...one,
      roleId: rule.implied_role_id,
      priorId: rule.prior_role_id,
    })),
  )
  // A role of a domain gives nothing by itself.
  return [...ofUsers, ...implied].filter(
    ({ roleId }) => (role ?? roleId) === roleId && (call.store.of(roles).get(roleId)?.domain_id ?? null) === null,
  )
}

const targetPath = ({ is_system, project_id, domain_id }: AssignmentRecord): string => {
  if (is_system) return 'system'
  return project_id === null ? `domains/${domain_id}` : `projects/${project_id}`
}

const linksOf = (call: Call, { stored, memberId, roleId, priorId }: Shown) => {
  const base = `${call.serviceUrl}/v3`
  const actor = stored.user_id === null ? `groups/${stored.group_id}` : `users/${stored.user_id}`
  const path = `${targetPath(stored)}/${actor}/roles/${priorId ?? roleId}`
  return {
    ...(memberId === undefined ? {} : { membership: `${base}/groups/${stored.group_id}/users/${memberId}` }),
    assignment: stored.is_inherited ? `${base}/OS-INHERIT/${path}/inherited_to_projects` : `${base}/${path}`,
    ...(priorId === undefined ? {} : { prior_role: `${base}/prior_role/${roleId}/implies/${priorId}` }),
  }
}

const document = (call: Call, shown: Shown, withNames: boolean) => {
  const { store } = call
  const { stored, memberId, roleId } = shown
  const named = (one: { name: string; domain_id: string } | undefined) =>
    withNames && one ? { name: one.name, domain: domainReference(call, one.domain_id) } : {}
  const scope = () => {
    if (stored.is_system) return { system: { all: true } }
    const projectId = shown.projectId ?? stored.project_id
    if (projectId !== null) return { project: { id: projectId, ...named(store.of(projects).get(projectId)) } }
    const domain = store.of(domains).get(stored.domain_id ?? '')
    return { domain: { id: stored.domain_id, ...(withNames ? { name: domain?.name } : {}) } }
  }
  const userId = memberId ?? stored.user_id
  const { group_id } = stored
  return {
    links: linksOf(call, shown),
    scope: { ...scope(), ...(stored.is_inherited ? { 'OS-INHERIT:inherited_to': 'projects' } : {}) },
    ...(userId === null
      ? { group: { id: group_id, ...named(store.of(groups).get(group_id ?? '')) } }
      : { user: { id: userId, ...named(store.of(users).get(userId)) } }),
    role: { id: roleId, ...(withNames ? { name: store.of(roles).get(roleId)?.name } : {}) },
  }
}

const list = (call: Call) => {
  const query = readQuery(call)
  const shown = query.isEffective ? effective(call, query) : direct(call, query)
  const withNames = isSet(call, 'include_names')
  return ok(
    listDocument(
      call,
      'role_assignments',
      shown.map((one) => document(call, one, withNames)),
    ),
  )
}

/** https://docs.openstack.org/api-ref/identity/v3/#list-role-assignments */
export const roleAssignmentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/role_assignments',
    operation: 'role-assignments.list',
    access: { admin: 'identity:list_role_assignments' },
    handle: list,
  },
]
