import { defineCollection, type StoredRecord } from '../../kernel/collection.ts'

export interface DomainRecord extends StoredRecord {
  name: string
  description: string
  enabled: boolean
  tags?: readonly string[]
  options?: Extra
  /** Fields that Keystone has no column for. */
  extra?: Extra
}

type Extra = Readonly<Record<string, unknown>>

export interface ProjectRecord extends StoredRecord {
  name: string
  description: string
  domain_id: string
  parent_id: string
  enabled: boolean
  is_domain: boolean
  tags: readonly string[]
  options?: Extra
  extra?: Extra
}

export interface UserRecord extends StoredRecord {
  name: string
  domain_id: string
  password: string
  description: string | null
  email: string | null
  enabled: boolean
  default_project_id: string | null
  options?: Extra
  extra?: Extra
}

export interface RoleRecord extends StoredRecord {
  name: string
  description: string | null
  domain_id: string | null
  options: Extra
  extra?: Extra
}

/** A role of a user or group on a project, a domain or the system; the id is its grant's key and the role. */
export interface AssignmentRecord extends StoredRecord {
  /** Null when the role is a group's. */
  user_id: string | null
  group_id?: string | null
  /** Null when the role is on a domain. */
  project_id: string | null
  domain_id?: string | null
  role_id: string
  /** Holds on all projects below the project or in the domain, and not on itself. */
  is_inherited?: boolean
  /** On the system, which is no project and no domain. */
  is_system?: boolean
}

/** The key of all roles of an actor in one place. */
export const grantKey = (actorId: string, targetId: string, isInherited = false): string =>
  isInherited ? `${actorId}/${targetId}/inherited` : `${actorId}/${targetId}`

/** The place of the roles on the system in keys. */
export const systemId = 'system'

/** A role that comes with another one; the id is `<prior>/<implied>`. */
export interface ImpliedRoleRecord extends StoredRecord {
  prior_role_id: string
  implied_role_id: string
}

export interface GroupRecord extends StoredRecord {
  name: string
  domain_id: string
  description: string
  extra: Extra
}

/** A user in a group; the id is `<group>/<user>`. */
export interface MembershipRecord extends StoredRecord {
  group_id: string
  user_id: string
}

/** A region that was added to those of the cloud itself. */
export interface RegionRecord extends StoredRecord {
  description: string
  parent_region_id: string | null
  extra: Extra
}

/** A service that was added to those of the cloud itself. */
export interface ServiceRecord extends StoredRecord {
  type: string
  name: string
  enabled: boolean
  extra: Extra
}

/** An endpoint of an added service, or an added endpoint of one of the cloud's own. */
export interface EndpointRecord extends StoredRecord {
  service_id: string
  interface: string
  region_id: string | null
  url: string
  enabled: boolean
  extra: Extra
}

export interface ApplicationCredentialRecord extends StoredRecord {
  name: string
  description: string | null
  user_id: string
  project_id: string
  secret: string
  unrestricted: boolean | null
  /** Epoch milliseconds; a fraction where microseconds were asked for. */
  expires_at: number | null
  role_ids: readonly string[]
  /** What its tokens may ask for; everything when left out. */
  access_rule_ids?: readonly string[]
}

/** A request that an application credential may be limited to. */
export interface AccessRuleRecord extends StoredRecord {
  user_id: string
  /** Type of the service. */
  service: string
  path: string
  method: string
}

/** A secret of a user for another use than a login here; of an EC2 credential the id is the hash of its access key. */
export interface CredentialRecord extends StoredRecord {
  type: string
  blob: string
  user_id: string
  project_id: string | null
  extra: Extra
}

/** Options by group that a domain has of its own; the id is the domain's. */
export interface DomainConfigRecord extends StoredRecord {
  config: DomainConfig
}

export type DomainConfig = Readonly<Record<string, Extra>>

/** An object that is only kept: a policy, a consumer of OAuth 1, a group of endpoints. */
export interface KeptDocumentRecord extends StoredRecord {
  type: string
  fields: Extra
  extra: Extra
}

/** Roles of a user on a project that another user may take. */
export interface TrustRecord extends StoredRecord {
  trustor_user_id: string
  trustee_user_id: string
  project_id: string | null
  /** A token of the trust is the trustor's. */
  impersonation: boolean
  role_ids: readonly string[]
  /** Epoch milliseconds. */
  expires_at: number | null
  remaining_uses: number | null
  redelegation_count: number
  extra: Extra
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
  indexes: { name: (r) => nameKey(r.domain_id, r.name), domain: (r) => r.domain_id, parent: (r) => r.parent_id },
})

export const users = defineCollection<UserRecord>()({
  kind: 'users',
  order: byId,
  indexes: { name: (r) => nameKey(r.domain_id, r.name), domain: (r) => r.domain_id },
})

/** The key under which the name of a role is found: bare for those of no domain, which are the roles of tokens. */
export const roleKey = (domainId: string | null, name: string): string =>
  domainId === null ? name.toLowerCase() : nameKey(domainId, name)

export const roles = defineCollection<RoleRecord>()({
  kind: 'roles',
  order: byId,
  indexes: { name: (r) => roleKey(r.domain_id, r.name) },
})

export const assignments = defineCollection<AssignmentRecord>()({
  kind: 'role_assignments',
  order: byId,
  indexes: {
    user: (r) => r.user_id,
    group: (r) => r.group_id,
    project: (r) => r.project_id,
    domain: (r) => r.domain_id,
    role: (r) => r.role_id,
    grant: (r) => {
      const target = r.is_system ? systemId : (r.project_id ?? r.domain_id ?? '')
      return grantKey(r.user_id ?? r.group_id ?? '', target, r.is_inherited)
    },
  },
})

export const impliedRoles = defineCollection<ImpliedRoleRecord>()({
  kind: 'implied_roles',
  order: byId,
  indexes: { prior: (r) => r.prior_role_id, implied: (r) => r.implied_role_id },
})

export const groups = defineCollection<GroupRecord>()({
  kind: 'groups',
  order: byId,
  indexes: { name: (r) => nameKey(r.domain_id, r.name), domain: (r) => r.domain_id },
})

export const memberships = defineCollection<MembershipRecord>()({
  kind: 'group_memberships',
  order: byId,
  indexes: { group: (r) => r.group_id, user: (r) => r.user_id },
})

export const regions = defineCollection<RegionRecord>()({
  kind: 'regions',
  order: byId,
  indexes: { parent: (r) => r.parent_region_id },
})

export const services = defineCollection<ServiceRecord>()({
  kind: 'services',
  order: byId,
  indexes: { type: (r) => r.type, name: (r) => r.name },
})

export const endpoints = defineCollection<EndpointRecord>()({
  kind: 'endpoints',
  order: byId,
  indexes: { service: (r) => r.service_id, region: (r) => r.region_id },
})

export const applicationCredentials = defineCollection<ApplicationCredentialRecord>()({
  kind: 'application_credentials',
  indexes: { user: (r) => r.user_id, name: (r) => `${r.user_id}/${r.name}` },
})

export const accessRules = defineCollection<AccessRuleRecord>()({
  kind: 'access_rules',
  order: byId,
  indexes: { user: (r) => r.user_id },
})

export const trusts = defineCollection<TrustRecord>()({ kind: 'trusts', order: byId })

export const credentials = defineCollection<CredentialRecord>()({ kind: 'credentials', order: byId })

export const keptDocuments = defineCollection<KeptDocumentRecord>()({
  kind: 'identity_documents',
  order: byId,
  indexes: { type: (r) => r.type },
})

export const domainConfigs = defineCollection<DomainConfigRecord>()({ kind: 'domain_configs', order: byId })
