import * as z from 'zod'

const reference = z.object({ id: z.string().optional(), name: z.string().optional() })
const placed = reference.extend({ domain: reference.optional() })

/** Body of a login: https://docs.openstack.org/api-ref/identity/v3/#authentication-and-token-management */
export const authSchema = z.object({
  auth: z.object({
    identity: z.object({
      methods: z.array(z.string()).min(1),
      password: z.object({ user: placed.extend({ password: z.string() }) }).optional(),
      token: z.object({ id: z.string() }).optional(),
      application_credential: z
        .object({
          id: z.string().optional(),
          name: z.string().optional(),
          secret: z.string(),
          user: placed.optional(),
        })
        .optional(),
    }),
    scope: z
      .union([
        z.literal('unscoped'),
        z.object({
          project: placed.optional(),
          domain: reference.optional(),
          'OS-TRUST:trust': z.object({ id: z.string().optional() }).optional(),
          system: z.object({ all: z.boolean() }).optional(),
          unscoped: z.unknown().optional(),
        }),
      ])
      .optional(),
  }),
})

/** The checked content of a login's `auth`. */
export type AuthRequest = z.output<typeof authSchema>['auth']
