import type { Call } from '../../kernel/call.ts'
import type { DomainRecord, GroupRecord, ProjectRecord, RoleRecord, UserRecord } from './records.ts'

const self = (call: Call, kind: string, id: string) => ({ links: { self: `${call.serviceUrl}/v3/${kind}/${id}` } })

export const domainDocument = (call: Call, domain: DomainRecord) => ({
  id: domain.id,
  name: domain.name,
  description: domain.description,
  enabled: domain.enabled,
  tags: domain.tags ?? [],
  options: domain.options ?? {},
  ...domain.extra,
  ...self(call, 'domains', domain.id),
})

/** A domain in a list of projects. */
export const domainAsProject = (call: Call, domain: DomainRecord) => ({
  ...domainDocument(call, domain),
  domain_id: null,
  parent_id: null,
  is_domain: true,
  ...self(call, 'projects', domain.id),
})

export const projectDocument = (call: Call, project: ProjectRecord) => ({
  id: project.id,
  name: project.name,
  domain_id: project.domain_id,
  description: project.description,
  enabled: project.enabled,
  parent_id: project.parent_id,
  is_domain: project.is_domain,
  tags: project.tags,
  options: project.options ?? {},
  ...project.extra,
  ...self(call, 'projects', project.id),
})

export const userDocument = (call: Call, user: UserRecord) => ({
  id: user.id,
  name: user.name,
  domain_id: user.domain_id,
  enabled: user.enabled,
  password_expires_at: null,
  options: user.options ?? {},
  ...user.extra,
  ...(user.description === null ? {} : { description: user.description }),
  ...(user.email === null ? {} : { email: user.email }),
  ...(user.default_project_id === null ? {} : { default_project_id: user.default_project_id }),
  ...self(call, 'users', user.id),
})

export const groupDocument = (call: Call, group: GroupRecord) => ({
  id: group.id,
  name: group.name,
  domain_id: group.domain_id,
  description: group.description,
  ...group.extra,
  ...self(call, 'groups', group.id),
})

/** A role inside another document has no link of its own. */
export const roleReference = (role: RoleRecord) => ({
  id: role.id,
  name: role.name,
  domain_id: role.domain_id,
  description: role.description,
  options: role.options,
})

export const roleDocument = (call: Call, role: RoleRecord) => ({
  ...roleReference(role),
  ...role.extra,
  ...self(call, 'roles', role.id),
})

/** Keystone's lists: the key, and links that never promise a next page. */
export const listDocument = (call: Call, key: string, items: readonly unknown[]) => ({
  [key]: items,
  links: { next: null, self: `${call.origin}${call.url.pathname}${call.url.search}`, previous: null },
})
