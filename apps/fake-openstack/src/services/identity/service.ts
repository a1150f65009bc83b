import { tokens } from '../../kernel/auth.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { withUnmodelledKeys } from '../../kernel/not-modelled.ts'
import { quotaSets } from '../../kernel/quotas.ts'
import { defineService } from '../../kernel/service.ts'
import { accessRuleRoutes } from './access-rules.ts'
import { applicationCredentialRoutes } from './application-credentials.ts'
import { catalogEntryRoutes } from './catalog-entries.ts'
import { credentialRoutes } from './credentials.ts'
import { domainConfigRoutes } from './domain-config.ts'
import { authDomainRoutes, domainRoutes } from './domains.ts'
import { forDomainsToo } from './domains-as-projects.ts'
import { grantRoutesOfAll } from './grants.ts'
import { groupRoutes } from './groups.ts'
import { impliedRoleRoutes } from './implied-roles.ts'
import { keptDocumentRoutes } from './kept-documents.ts'
import { projectTagRoutes } from './project-tags.ts'
import { projectRoutes } from './projects.ts'
import { publishedRoutes } from './published-routes.ts'
import { isFlagOff, unmodelledQueryKeys } from './query-keys.ts'
import {
  accessRules,
  applicationCredentials,
  assignments,
  credentials,
  domainConfigs,
  domains,
  endpoints,
  groups,
  impliedRoles,
  keptDocuments,
  memberships,
  projects,
  regions,
  roles,
  services,
  trusts,
  users,
} from './records.ts'
import { regionRoutes } from './regions.ts'
import { roleAssignmentRoutes } from './role-assignments.ts'
import { roleRoutes } from './roles.ts'
import { systemGrantRoutes } from './system-grants.ts'
import { tokenRoutes } from './tokens.ts'
import { trustRoutes } from './trusts.ts'
import { userRoutes } from './users.ts'
import { v2Routes } from './v2-tokens.ts'
import { versionRoutes } from './versions.ts'

/** Keystone v3. */
export const identityService = defineService({
  type: 'identity',
  name: 'identity',
  project: 'keystone',
  prefix: '/identity',
  bases: ['/v3'],
  catalogPath: '/v3/',
  dialect: keystoneDialect,
  transport: { trailingSlash: 'ignored', jsonSuffix: false, doubleSlash: 'redirected', options: 'allow' },
  publishedRoutes,
  unmodelledQueryKeys,
  collections: [
    domains,
    projects,
    users,
    groups,
    memberships,
    roles,
    assignments,
    impliedRoles,
    keptDocuments,
    domainConfigs,
    regions,
    services,
    endpoints,
    applicationCredentials,
    accessRules,
    trusts,
    credentials,
    tokens,
    quotaSets,
  ],
  routes: withUnmodelledKeys(
    [
      ...versionRoutes,
      ...v2Routes,
      ...tokenRoutes,
      ...projectRoutes.map(forDomainsToo),
      ...projectTagRoutes,
      ...userRoutes,
      ...roleRoutes,
      ...impliedRoleRoutes,
      ...keptDocumentRoutes,
      ...domainConfigRoutes,
      ...roleAssignmentRoutes,
      ...systemGrantRoutes,
      ...applicationCredentialRoutes,
      ...accessRuleRoutes,
      ...trustRoutes,
      ...credentialRoutes,
      ...groupRoutes,
      ...grantRoutesOfAll,
      ...domainRoutes,
      ...regionRoutes,
      ...catalogEntryRoutes,
      ...authDomainRoutes,
    ],
    unmodelledQueryKeys,
    isFlagOff,
  ),
  headIsGet: true,
  before: (call) => {
    call.responseHeaders['vary'] = 'X-Auth-Token'
  },
})
