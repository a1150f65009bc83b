import * as z from 'zod'
import { ApiError } from '../../kernel/api-error.ts'
import type { TokenRecord } from '../../kernel/auth.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind } from '../../kernel/dialects/keystone.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import { authenticate } from './authentication.ts'
import { catalogFor } from './catalog.ts'
import { scopeOf } from './scope.ts'
import { issueToken } from './tokens.ts'

const schema = z.object({
  auth: z.object({
    tenantName: z.string().optional(),
    tenantId: z.string().optional(),
    passwordCredentials: z
      .object({ username: z.string().optional(), userId: z.string().optional(), password: z.string() })
      .optional(),
    token: z.object({ id: z.string() }).optional(),
  }),
})

/** What a Keystone without v2.0 (Queens and later) answers: Flask's own page. */
const gone = (): ApiError =>
  new ApiError(404, 'Not Found', {
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: `<!doctype html>
<html lang=en>
<title>404 Not Found</title>
<h1>Not Found</h1>
<p>The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.</p>
`,
  })

const domain = { id: 'default' }

/** https://docs.openstack.org/keystone/pike/api_curl_examples.html#v2-api-examples-using-curl */
const create = (call: Call) => {
  if (!call.context.settings.keystoneV2) throw gone()
  const { auth } = call.json(schema)
  const { passwordCredentials: password, token } = auth
  if (!password && !token) throw expectingToFind('passwordCredentials or token', 'auth')
  const proof = authenticate(
    call,
    password
      ? {
          methods: ['password'],
          password: { user: { name: password.username, id: password.userId, domain, password: password.password } },
        }
      : { methods: ['token'], token },
  )
  const project =
    auth.tenantId !== undefined
      ? { id: auth.tenantId }
      : auth.tenantName !== undefined
        ? { name: auth.tenantName, domain }
        : undefined
  return ok({ access: accessDocument(call, issueToken(call, proof, scopeOf(call, proof, project && { project }))) })
}

const accessDocument = (call: Call, token: TokenRecord) => ({
  token: {
    id: token.id,
    issued_at: isoSeconds(token.issuedAt),
    expires: isoSeconds(token.expiresAt),
    audit_ids: token.auditIds,
    ...(token.project
      ? { tenant: { id: token.project.id, name: token.project.name, description: '', enabled: true } }
      : {}),
  },
  serviceCatalog: token.project === null ? [] : catalogFor(call, token).map(v2Service),
  user: {
    id: token.userId,
    name: token.userName,
    username: token.userName,
    roles: token.roles.map(({ name }) => ({ name })),
    roles_links: [],
  },
  metadata: { is_admin: 0, roles: token.roles.map(({ id }) => id) },
})

/** v2.0 puts the three interfaces of a region into one entry. */
const v2Service = (service: ReturnType<typeof catalogFor>[number]) => {
  const regions = [...new Set(service.endpoints.map((endpoint) => endpoint.region))]
  return {
    type: service.type,
    name: service.name,
    endpoints_links: [],
    endpoints: regions.map((region) => {
      const url = (kind: string) =>
        service.endpoints.find((endpoint) => endpoint.region === region && endpoint.interface === kind)?.url
      return { region, id: service.id, publicURL: url('public'), internalURL: url('internal'), adminURL: url('admin') }
    }),
  }
}

export const v2Routes: readonly Route[] = [
  {
    method: 'POST',
    path: '/v2.0/tokens',
    atRoot: true,
    operation: 'v2-tokens.create',
    access: 'public',
    handle: create,
  },
]
