import * as z from 'zod'
import { badRequest, conflict, forbidden, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { novaDialect } from '../../kernel/dialects/openstack-fault.ts'
import { pageOf } from '../../kernel/pagination.ts'
import { accepted, created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoMicros } from '../../kernel/time-format.ts'
import { name } from './field-schemas.ts'
import { certificateFingerprintOf, fingerprintOf, generateKey } from './key-material.ts'
import { nextLinks } from './links.ts'
import { limitAndMarker, maxPage } from './query.ts'
import { type KeypairRecord, keypairs } from './records.ts'
import { rulesOf } from './release-rules.ts'

/** The key pair of a user, or undefined. */
export const keypairOf = (call: Call, userId: string, keyName: string): KeypairRecord | undefined =>
  call.store.of(keypairs).get(`${userId}/${keyName}`)

/** Admins may name another user from 2.10 on. */
const userOf = (call: Call, rule: string): string => {
  const userId = call.microversion.atLeast('2.10') ? (call.query.get('user_id') ?? undefined) : undefined
  if (userId !== undefined && userId !== call.userId && !call.isAdmin) {
    throw novaDialect.forbidden(`os_compute_api:os-keypairs:${rule}`)
  }
  return userId ?? call.userId
}

const withType = (call: Call, keypair: KeypairRecord) =>
  call.microversion.atLeast('2.2') ? { type: keypair.type } : {}

const found = (call: Call, rule: string): KeypairRecord => {
  const userId = userOf(call, rule)
  const keyName = call.param('name')
  const keypair = keypairOf(call, userId, keyName)
  if (!keypair) throw notFound(`Keypair ${keyName} not found for user ${userId}`)
  return keypair
}

const list = (call: Call) => {
  const userId = userOf(call, 'index')
  const isPaged = call.microversion.atLeast('2.35')
  const { limit, marker } = isPaged ? limitAndMarker(call) : { limit: undefined, marker: undefined }
  const page = pageOf(call, call.store.of(keypairs), {
    where: { user: userId },
    limit,
    marker: marker === undefined ? undefined : `${userId}/${marker}`,
    maxPage: isPaged ? maxPage : Number.POSITIVE_INFINITY,
    unknownMarker: () => badRequest(`Marker ${marker} could not be found.`),
  })
  const last = isPaged && page.isFull ? page.items.at(-1) : undefined
  return ok({
    keypairs: page.items.map((keypair) => ({
      keypair: {
        name: keypair.name,
        public_key: keypair.public_key,
        fingerprint: keypair.fingerprint,
        ...withType(call, keypair),
      },
    })),
    ...(last ? { keypairs_links: nextLinks(call, 'os-keypairs', last.name) } : {}),
  })
}

const show = (call: Call) => {
  const keypair = found(call, 'show')
  return ok({
    keypair: {
      name: keypair.name,
      public_key: keypair.public_key,
      fingerprint: keypair.fingerprint,
      user_id: keypair.user_id,
      created_at: isoMicros(keypair.created_at),
      deleted: false,
      deleted_at: null,
      id: keypair.number,
      updated_at: null,
      ...withType(call, keypair),
    },
  })
}

const fields = { name, public_key: z.string().optional() }
const schemas = [
  {
    from: '2.92',
    schema: z.strictObject({
      ...fields,
      public_key: z.string(),
      type: z.enum(['ssh', 'x509']).optional(),
      user_id: z.string().optional(),
    }),
  },
  {
    from: '2.10',
    schema: z.strictObject({ ...fields, type: z.enum(['ssh', 'x509']).optional(), user_id: z.string().optional() }),
  },
  { from: '2.2', schema: z.strictObject({ ...fields, type: z.enum(['ssh', 'x509']).optional() }) },
  { from: '2.1', schema: z.strictObject(fields) },
] as const

interface Asked {
  name: string
  public_key?: string | undefined
  type?: 'ssh' | 'x509' | undefined
  user_id?: string | undefined
}

const create = async (call: Call) => {
  const schema: z.ZodType<Asked> =
    schemas.find((one) => call.microversion.atLeast(one.from))?.schema ?? schemas[3].schema
  const { keypair: asked } = call.json(z.strictObject({ keypair: schema }))
  checkName(call, asked.name)
  const userId = asked.user_id ?? call.userId
  if (userId !== call.userId && !call.isAdmin) throw novaDialect.forbidden('os_compute_api:os-keypairs:create')
  const { context, store } = call
  const all = store.of(keypairs)
  if (context.quotas.exceeded('compute', call.projectId, 'key_pairs', all.count('user', userId), 1)) {
    throw forbidden('Quota exceeded, too many key pairs.')
  }
  const isGiven = asked.public_key !== undefined
  const material =
    asked.public_key === undefined
      ? await generate(call, asked.type, userId)
      : { publicKey: asked.public_key, privateKey: '' }
  const fingerprint = (asked.type === 'x509' ? certificateFingerprintOf : fingerprintOf)(material.publicKey)
  if (fingerprint === undefined) throw badRequest('Keypair data is invalid: failed to generate fingerprint')
  if (all.has(`${userId}/${asked.name}`)) throw conflict(`Key pair '${asked.name}' already exists.`)
  const keypair = addKeypair(call.context, {
    userId,
    name: asked.name,
    type: asked.type ?? 'ssh',
    publicKey: material.publicKey,
    fingerprint,
  })
  const reply = {
    keypair: {
      ...withType(call, keypair),
      name: keypair.name,
      public_key: keypair.public_key,
      fingerprint: keypair.fingerprint,
      user_id: keypair.user_id,
      ...(isGiven ? {} : { private_key: material.privateKey }),
    },
  }
  return call.microversion.atLeast('2.2') ? created(reply) : ok(reply)
}

/** Certificates are seldom asked for: what makes them is loaded then. */
const generate = async (call: Call, type: Asked['type'], userId: string) => {
  if (type !== 'x509') return generateKey()
  const { generateCertificate } = await import('./x509/certificate.ts')
  return generateCertificate(userId, call.now)
}

/** Stores a key pair of a user. */
export const addKeypair = (
  context: Call['context'],
  parts: { userId: string; name: string; type?: KeypairRecord['type']; publicKey: string; fingerprint: string },
): KeypairRecord => {
  const all = context.store.of(keypairs)
  return all.insert({
    id: `${parts.userId}/${parts.name}`,
    name: parts.name,
    user_id: parts.userId,
    type: parts.type ?? 'ssh',
    public_key: parts.publicKey,
    fingerprint: parts.fingerprint,
    number: all.size + 1,
    created_at: context.clock.now(),
  })
}

const checkName = (call: Call, text: string): void => {
  const isSince92 = call.microversion.atLeast('2.92')
  const pattern = isSince92 ? /^[\w@. -]+$/ : /^[\w -]+$/
  if (!pattern.test(text)) throw badRequest(rulesOf(call).keyNameWords(text, isSince92))
}

const remove = (call: Call) => {
  const keypair = found(call, 'delete')
  call.store.of(keypairs).delete(keypair.id)
  return call.microversion.atLeast('2.2') ? noContent() : accepted()
}

/** https://docs.openstack.org/api-ref/compute/#keypairs-keypairs */
export const keypairRoutes: readonly Route[] = [
  { method: 'GET', path: '/os-keypairs', operation: 'keypairs.list', handle: list },
  { method: 'POST', path: '/os-keypairs', operation: 'keypairs.create', handle: create },
  { method: 'GET', path: '/os-keypairs/:name', operation: 'keypairs.show', handle: show },
  { method: 'DELETE', path: '/os-keypairs/:name', operation: 'keypairs.delete', handle: remove },
]
