import { tokens } from '../../kernel/auth.ts'
import { keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { quotaSets } from '../../kernel/quotas.ts'
import { defineService } from '../../kernel/service.ts'
import { applicationCredentials, assignments, domains, projects, roles, users } from './records.ts'
import { tokenRoutes } from './tokens.ts'
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
  routes: [...versionRoutes, ...tokenRoutes],
})
