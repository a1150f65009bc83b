import { badRequest, conflict, forbidden } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { type DirectoryKind, directoryRoutes, find, listed } from './directory.ts'
import { domainDocument, listDocument } from './documents.ts'
import { groupIdsOf } from './groups.ts'
import { checkDeletable, checkMutable } from './immutability.ts'
import { removeProject } from './projects.ts'
import {
  assignments,
  type DomainRecord,
  domainConfigs,
  domains,
  groups,
  memberships,
  projects,
  users,
} from './records.ts'
import { domainOptions } from './resource-options.ts'
import { type Body, readBody } from './schemas.ts'
import { removeUser } from './users.ts'

const domainKind: DirectoryKind<DomainRecord, 'name'> = {
  name: 'domain',
  collection: domains,
  document: domainDocument,
  fields: { name: 'text', enabled: 'flag' },
}

const list = (call: Call) =>
  listed(call, domainKind, call.store.of(domains).where({ name: call.query.get('name')?.toLowerCase() }))

/** Everybody may look at the domain of the own token. */
const authorizeShow = (call: Call): void => {
  const id = call.param('domain_id')
  if (call.token.userDomain.id !== id && call.token.project?.domain.id !== id) {
    call.requireAdmin('identity:get_domain')
  }
}

const refuseDuplicate = (call: Call, name: string): void => {
  if (!call.store.of(domains).find({ name: name.toLowerCase() })) return
  throw conflict(
    `Conflict occurred attempting to store project - it is not permitted to have two projects acting as domains with the same name: ${name}.`,
  )
}

/** The id that the request wants for the domain, if it wants one. */
const explicitId = (body: Body): string | undefined => {
  const id = body.fields['explicit_domain_id'] ?? undefined
  if (id === undefined) return undefined
  if (typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id)) {
    throw badRequest('Domain ID does not conform to required UUID format.')
  }
  return id
}

const create = (call: Call): DomainRecord => {
  const body = readBody(call, 'domain', 'create', ['options'])
  return storeDomain(call, body, explicitId(body) ?? call.context.ids.hex())
}

/** Stores a new domain with a name of its own. @param body of a domain, or of a project that is one */
export const storeDomain = (call: Call, body: Body, id: string): DomainRecord => {
  const name = (body.text('name') ?? '').trim()
  refuseDuplicate(call, name)
  return call.store.of(domains).insert({
    id,
    name,
    description: body.textOrNull('description') ?? '',
    enabled: body.flag('enabled') ?? true,
    options: domainOptions({}, body),
    tags: body.texts('tags') ?? [],
    extra: body.extra,
  })
}

const update = (call: Call): DomainRecord => {
  const body = readBody(call, 'domain', 'update', ['options'])
  return changeDomain(call, find(call, domainKind), body)
}

/** Changes what the body names of a domain. */
export const changeDomain = (call: Call, before: DomainRecord, body: Body): DomainRecord => {
  checkMutable('domain', before, body)
  const name = (body.text('name') ?? before.name).trim()
  if (name.toLowerCase() !== before.name.toLowerCase()) refuseDuplicate(call, name)
  return call.store.of(domains).update(before.id, {
    name,
    description: body.textOrNull('description') ?? before.description,
    enabled: body.flag('enabled') ?? before.enabled,
    options: domainOptions(before.options, body),
    tags: body.texts('tags') ?? before.tags ?? [],
    extra: { ...before.extra, ...body.extra },
  })
}

/** Deletes a domain with all that is in it; refuses an enabled one. */
export const removeDomain = (call: Call, domain: DomainRecord): void => {
  checkDeletable('domain', domain)
  const { id, enabled } = domain
  if (enabled) throw forbidden('Cannot delete a domain that is enabled, please disable it first.')
  for (const project of call.store.of(projects).where({ domain: id })) removeProject(call, project.id)
  for (const user of call.store.of(users).where({ domain: id })) removeUser(call, user.id)
  for (const group of call.store.of(groups).where({ domain: id })) {
    for (const member of call.store.of(memberships).where({ group: group.id })) {
      call.store.of(memberships).delete(member.id)
    }
    call.store.of(groups).delete(group.id)
  }
  for (const one of call.store.of(assignments).where({ domain: id })) call.store.of(assignments).delete(one.id)
  call.store.of(domainConfigs).delete(id)
  call.store.of(domains).delete(id)
}

/** https://docs.openstack.org/api-ref/identity/v3/#domains */
export const domainRoutes: readonly Route[] = directoryRoutes(domainKind, {
  list,
  create,
  update,
  remove: (call) => removeDomain(call, find(call, domainKind)),
  authorizeShow,
  findsFirst: ['update', 'delete'],
})

/** Domains to which the token's user may scope: those on which it, or one of its groups, has a role. */
export const authDomainRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/auth/domains',
    operation: 'auth-domains.list',
    handle: (call) => {
      const all = call.store.of(assignments)
      const ofGroups = groupIdsOf(call, call.userId).flatMap((group) => all.where({ group }))
      const granted = [...all.where({ user: call.userId }), ...ofGroups]
      const ids = new Set(granted.flatMap((assignment) => assignment.domain_id ?? []))
      const found = [...ids].flatMap((id) => call.store.of(domains).get(id) ?? [])
      return ok(
        listDocument(
          call,
          'domains',
          found.map((domain) => domainDocument(call, domain)),
        ),
      )
    },
  },
]
