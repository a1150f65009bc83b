import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import type { Token } from './login.ts'
import type { LoginIdentity } from './token-cache.ts'

/** What tells one login from another: Keystone and the way to it, user, scope, region; the secret apart, as it is the key to what is kept. */
export function loginIdentity({ authUrl, credentials, region, connection }: OpenStackConfig): LoginIdentity {
  const { secret, ...named } = withoutSecret(credentials)
  // A catalog read without verifying the server must never serve a configuration that verifies.
  const { caCert, sslVerifyPeer, proxy } = connection
  const digest = createHash('sha256')
    .update(JSON.stringify([authUrl, named, region ?? null, caCert ?? null, sslVerifyPeer, proxy ?? null]))
    .digest('hex')
  return { digest, secret }
}

function withoutSecret(credentials: OpenStackConfig['credentials']): { readonly secret: string } {
  if (credentials.kind === 'application_credential') return credentials
  const { password, ...named } = credentials
  return { ...named, secret: password }
}

const optionalText = z.optional(z.string())

const microversion = z.object({ major: z.number(), minor: z.number() })

const entrySchema = z.object({
  id: z.string().check(z.minLength(1)),
  microversions: z.optional(
    z.record(z.string(), z.nullable(z.object({ lowest: microversion, highest: microversion }))),
  ),
  info: z.object({
    projectId: optionalText,
    projectName: optionalText,
    userId: optionalText,
    userName: optionalText,
    roles: z.array(z.string()),
    expiresAt: z.string(),
    catalog: z.array(
      z.object({
        type: z.string(),
        name: z.string(),
        endpoints: z.array(
          z.object({ interface: z.enum(['public', 'internal', 'admin']), region: z.string(), url: z.string() }),
        ),
      }),
    ),
  }),
})

export const writeTokenEntry = (token: Token): string => JSON.stringify(token)

/** Undefined for anything that this version did not write. */
export function readTokenEntry(entry: string): Token | undefined {
  let json: unknown
  try {
    json = JSON.parse(entry)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined // damaged: as if there were none
    throw error
  }
  const read = entrySchema.safeParse(json)
  if (!read.success) return undefined
  const { id, info, microversions } = read.data
  const { projectId, projectName, userId, userName } = info
  const token = { id, info: { ...info, projectId, projectName, userId, userName } }
  return microversions === undefined ? token : { ...token, microversions }
}
