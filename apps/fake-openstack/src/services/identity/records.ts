import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

export interface DomainRecord extends StoredRecord {
  name: string
  description: string
  enabled: boolean
}

export interface ProjectRecord extends StoredRecord {
  name: string
  description: string
  domain_id: string
  parent_id: string
  enabled: boolean
  is_domain: boolean
  tags: readonly string[]
}

export interface UserRecord extends StoredRecord {
  name: string
  domain_id: string
  password: string
  description: string | null
  email: string | null
  enabled: boolean
  default_project_id: string | null
}

export interface RoleRecord extends StoredRecord {
  name: string
  description: string | null
  domain_id: string | null
  options: Readonly<Record<string, unknown>>
}

/** A user's role on a project; the id is `<user>/<project>/<role>`. */
export interface AssignmentRecord extends StoredRecord {
  user_id: string
  project_id: string
  role_id: string
}

export interface ApplicationCredentialRecord extends StoredRecord {
  name: string
  description: string | null
  user_id: string
  project_id: string
  secret: string
  unrestricted: boolean | null
  /** Epoch milliseconds. */
  expires_at: number | null
  role_ids: readonly string[]
}

/** Names compare without case, as in Keystone's database; this is the key under which a name is found. */
export const nameKey = (domainId: string, name: string): string => `${domainId}/${name.toLowerCase()}`

/** Keystone lists in order of ids. */
const byId = (record: StoredRecord): string => record.id

export const domains = defineCollection<DomainRecord>()({
  kind: 'domains',
  order: byId,
  indexes: { name: (r) => r.name.toLowerCase() },
})

export const projects = defineCollection<ProjectRecord>()({
  kind: 'projects',
  order: byId,
  indexes: { name: (r) => nameKey(r.domain_id, r.name) },
})

export const users = defineCollection<UserRecord>()({
  kind: 'users',
  order: byId,
  indexes: { name: (r) => nameKey(r.domain_id, r.name) },
})

export const roles = defineCollection<RoleRecord>()({
  kind: 'roles',
  order: byId,
  indexes: { name: (r) => r.name.toLowerCase() },
})

export const assignments = defineCollection<AssignmentRecord>()({
  kind: 'role_assignments',
  order: byId,
  indexes: {
    user: (r) => r.user_id,
    project: (r) => r.project_id,
    userOnProject: (r) => `${r.user_id}/${r.project_id}`,
  },
})

export const applicationCredentials = defineCollection<ApplicationCredentialRecord>()({
  kind: 'application_credentials',
  indexes: { user: (r) => r.user_id, name: (r) => `${r.user_id}/${r.name}` },
})
