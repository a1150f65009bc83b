import { createHash } from 'node:crypto'
import * as z from 'zod/mini'
import type { OpenStackConfig } from '../config/openstack-config.ts'
import type { Token } from './login.ts'

/** Names a login in a token cache: where, as whom, into which project, with which secret; none of it can be read back. */
export const tokenKey = ({ authUrl, credentials }: OpenStackConfig): string =>
  createHash('sha256')
    .update(JSON.stringify([authUrl, credentials]))
    .digest('hex')

const optionalText = z.optional(z.string())

const entrySchema = z.object({
  id: z.string().check(z.minLength(1)),
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
  const { id, info } = read.data
  const { projectId, projectName, userId, userName } = info
  return { id, info: { ...info, projectId, projectName, userId, userName } }
}
