import { tokens } from '../../kernel/auth.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { quotaSets } from '../../kernel/quotas.ts'
import { defineService } from '../../kernel/service.ts'
import { applicationCredentialRoutes } from './application-credentials.ts'
import { projectRoutes } from './projects.ts'
import { applicationCredentials, assignments, domains, projects, roles, users } from './records.ts'
import { registryRoutes } from './registry.ts'
import { roleRoutes } from './roles.ts'
import { tokenRoutes } from './tokens.ts'
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
  collections: [domains, projects, users, roles, assignments, applicationCredentials, tokens, quotaSets],
  routes: [
    ...versionRoutes,
    ...v2Routes,
    ...tokenRoutes,
    ...projectRoutes,
    ...userRoutes,
    ...roleRoutes,
    ...applicationCredentialRoutes,
    ...registryRoutes,
  ],
  unmodelled: [
    ['POST', '/roles'],
    ['PATCH', '/roles/:role_id'],
    ['DELETE', '/roles/:role_id'],
    ['GET', '/projects/:project_id/users/:user_id/roles/:role_id'],
    ['POST', '/domains'],
    ['PATCH', '/domains/:domain_id'],
    ['DELETE', '/domains/:domain_id'],
    ['POST', '/regions'],
    ['PATCH', '/regions/:region_id'],
    ['PUT', '/regions/:region_id'],
    ['DELETE', '/regions/:region_id'],
    ['POST', '/services'],
    ['POST', '/endpoints'],
  ],
  headIsGet: true,
  before: (call) => {
    call.responseHeaders['vary'] = 'X-Auth-Token'
  },
})
