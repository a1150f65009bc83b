import { createHash } from 'node:crypto'
import { ApiError, badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { expectingToFind, keystoneDialect } from '../../kernel/dialects/keystone.ts'
import { firstProblem, isObject, type JsonSchema } from '../../kernel/json-schema.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { listDocument } from './documents.ts'
import { type CredentialRecord, credentials, projects, users } from './records.ts'

const text: JsonSchema = { type: 'string' }

/** keystone/credential/schema.py */
const fields = { blob: text, project_id: text, type: text, user_id: text }
const updateSchema: JsonSchema = {
  type: 'object',
  properties: { blob: text },
  additionalProperties: false,
  required: ['blob'],
}

const document = (call: Call, credential: CredentialRecord) => ({
  id: credential.id,
  type: credential.type,
  blob: credential.blob,
  user_id: credential.user_id,
  project_id: credential.project_id,
  ...credential.extra,
  links: { self: `${call.serviceUrl}/v3/credentials/${credential.id}` },
})

/** A credential is its owner's and the administrators'; for others one that does not exist is refused as well. */
const owned = (call: Call, policy: string): CredentialRecord => {
  const id = call.param('credential_id')
  const credential = call.store.of(credentials).get(id)
  if (credential?.user_id !== call.userId) call.requireAdmin(`identity:${policy}`)
  if (!credential) throw missing(id)
  refuseDelegated(call)
  return credential
}

const missing = (id: string): ApiError => notFound(`Could not find credential: ${id}.`)

const refuseDelegated = (call: Call): void => {
  if (!call.token.trust && !call.token.applicationCredential) return
  throw new ApiError(
    403,
    'You are not authorized to perform the requested action: Delegated tokens cannot access credentials directly.',
  )
}

const list = (call: Call) => {
  const [user, type] = [call.query.get('user_id'), call.query.get('type')]
  const seen = call.store
    .of(credentials)
    .all()
    .filter((one) => (call.isAdmin || one.user_id === call.userId) && !call.token.trust)
    .filter((one) => (user === null || one.user_id === user) && (type === null || one.type === type))
  return ok(
    listDocument(
      call,
      'credentials',
      seen.map((one) => document(call, one)),
    ),
  )
}

/** The access key of the blob of an EC2 credential. */
const accessKey = (blob: string): string => {
  let value: unknown
  try {
    value = JSON.parse(blob)
  } catch {
    throw badRequest('Invalid blob in credential')
  }
  if (!isObject(value) || Object.keys(value).length === 0) throw expectingToFind('blob', 'credential')
  if (value['access'] === undefined || value['access'] === null) throw expectingToFind('access', 'credential')
  return String(value['access'])
}

const hashOf = (access: string): string => createHash('sha256').update(access).digest('hex')

const checkNew = (call: Call, sent: Readonly<Record<string, unknown>>): void => {
  const { release } = call.context.settings
  const problem = firstProblem({ type: 'object', properties: fields }, sent)
  if (problem) throw keystoneDialect.invalid({ ...problem, path: ['credential', ...problem.path] }, release)
  const needed = ['blob', 'type', 'user_id', ...(sent['type'] === 'ec2' ? ['project_id'] : [])]
  if (needed.some((name) => !Object.hasOwn(sent, name))) {
    const message = `${pythonRepr(sent)} is not valid under any of the given schemas`
    throw keystoneDialect.invalid({ path: [], value: sent, message }, release)
  }
}

const create = (call: Call) => {
  const sent = isObject(call.rawJson) && isObject(call.rawJson['credential']) ? call.rawJson['credential'] : {}
  if (sent['user_id'] !== call.userId) call.requireAdmin('identity:create_credential')
  checkNew(call, sent)
  refuseDelegated(call)
  const { blob, type, user_id, project_id, id: _, links: __, ...extra } = sent
  const isEc2 = String(type).toLowerCase() === 'ec2'
  const credential: CredentialRecord = {
    id: isEc2 ? hashOf(accessKey(String(blob))) : call.context.ids.hex(),
    type: String(type),
    blob: String(blob),
    user_id: String(user_id),
    project_id: project_id === undefined ? null : String(project_id),
    extra,
  }
  return created({ credential: document(call, stored(call, credential)) })
}

const stored = (call: Call, credential: CredentialRecord): CredentialRecord => {
  if (call.store.of(credentials).has(credential.id)) {
    throw conflict(`Conflict occurred attempting to store credential - Duplicate entry found with ID ${credential.id}.`)
  }
  return call.store.of(credentials).insert(credential)
}

const update = (call: Call) => {
  const credential = owned(call, 'update_credential')
  const sent = isObject(call.rawJson) ? (call.rawJson['credential'] ?? {}) : {}
  const problem = firstProblem(updateSchema, sent)
  if (problem) {
    throw keystoneDialect.invalid({ ...problem, path: ['credential', ...problem.path] }, call.context.settings.release)
  }
  const { blob } = sent as { blob: string } // the schema has assured it
  if (credential.type.toLowerCase() === 'ec2') accessKey(blob)
  return ok({ credential: document(call, call.store.of(credentials).update(credential.id, { blob })) })
}

const remove = (call: Call) => {
  call.store.of(credentials).delete(owned(call, 'delete_credential').id)
  return noContent()
}

const ec2Document = (call: Call, credential: CredentialRecord) => {
  const blob: unknown = JSON.parse(credential.blob)
  const { access = null, secret = null, trust_id = null } = isObject(blob) ? blob : {}
  return {
    user_id: credential.user_id,
    tenant_id: credential.project_id,
    access,
    secret,
    trust_id,
    links: { self: `${call.serviceUrl}/v3/users/${credential.user_id}/credentials/OS-EC2/${String(access)}` },
  }
}

const userOf = (call: Call): string => {
  const id = call.param('user_id')
  if (!call.store.of(users).has(id)) throw notFound(`Could not find user: ${id}.`)
  return id
}

const ownOrAdmin = (call: Call, policy: string): string => {
  if (call.param('user_id') !== call.userId) call.requireAdmin(`identity:${policy}`)
  refuseDelegated(call)
  return userOf(call)
}

const listEc2 = (call: Call) => {
  const user = ownOrAdmin(call, 'ec2_list_credentials')
  const own = call.store
    .of(credentials)
    .all()
    .filter((one) => one.user_id === user && one.type === 'ec2')
  return ok(
    listDocument(
      call,
      'credentials',
      own.map((one) => ec2Document(call, one)),
    ),
  )
}

const createEc2 = (call: Call) => {
  const user_id = ownOrAdmin(call, 'ec2_create_credential')
  const tenant = isObject(call.rawJson) ? call.rawJson['tenant_id'] : undefined
  const project = typeof tenant === 'string' ? call.store.of(projects).get(tenant) : undefined
  if (!project) throw notFound(`Could not find project: ${String(tenant ?? 'None')}.`)
  const access = call.context.ids.hex()
  const credential = stored(call, {
    id: hashOf(access),
    type: 'ec2',
    blob: JSON.stringify({ access, secret: call.context.ids.hex(), trust_id: null }),
    user_id,
    project_id: project.id,
    extra: {},
  })
  return created({ credential: ec2Document(call, credential) })
}

/** By its access key. */
const ec2Of = (call: Call, policy: string): CredentialRecord => {
  const id = hashOf(call.param('access'))
  const credential = call.store.of(credentials).get(id)
  if (!credential) throw missing(id)
  if (credential.user_id !== call.userId) call.requireAdmin(`identity:${policy}`)
  userOf(call)
  if (credential.type !== 'ec2') throw new ApiError(401, 'EC2 access key not found.')
  refuseDelegated(call)
  return credential
}

const showEc2 = (call: Call) => ok({ credential: ec2Document(call, ec2Of(call, 'ec2_get_credential')) })

const removeEc2 = (call: Call) => {
  call.store.of(credentials).delete(ec2Of(call, 'ec2_delete_credential').id)
  return noContent()
}

const one = '/credentials/:credential_id'
const ec2 = '/users/:user_id/credentials/OS-EC2'

/** https://docs.openstack.org/api-ref/identity/v3/#credentials */
export const credentialRoutes: readonly Route[] = [
  { method: 'GET', path: '/credentials', operation: 'credentials.list', handle: list },
  { method: 'POST', path: '/credentials', operation: 'credentials.create', handle: create },
  {
    method: 'GET',
    path: one,
    operation: 'credentials.show',
    handle: (call) => ok({ credential: document(call, owned(call, 'get_credential')) }),
  },
  { method: 'PATCH', path: one, operation: 'credentials.update', handle: update },
  { method: 'DELETE', path: one, operation: 'credentials.delete', handle: remove },
  { method: 'GET', path: ec2, operation: 'ec2-credentials.list', handle: listEc2 },
  { method: 'POST', path: ec2, operation: 'ec2-credentials.create', handle: createEc2 },
  { method: 'GET', path: `${ec2}/:access`, operation: 'ec2-credentials.show', handle: showEc2 },
  { method: 'DELETE', path: `${ec2}/:access`, operation: 'ec2-credentials.delete', handle: removeEc2 },
]
