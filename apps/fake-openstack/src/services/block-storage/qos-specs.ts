import * as z from 'zod'
import { ApiError, badRequest, conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { acceptedAsHtml, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { invalidInput } from './cinder-errors.ts'
import { booleanOf, listOf } from './list-query.ts'
import { type QosSpecsRecord, qosSpecs, type VolumeTypeRecord, volumeTypes } from './records.ts'
import { linksOf } from './volume-view.ts'

const view = ({ id, name, consumer, specs }: QosSpecsRecord) => ({ id, name, consumer, specs })

const detail = (call: Call, specs: QosSpecsRecord) =>
  ok({ qos_specs: view(specs), links: linksOf(call, 'qos-specs', specs.id) })

const noSuchSpec = (id: string) => `No such QoS spec ${id}.`

const find = (call: Call): QosSpecsRecord => {
  const specs = call.store.of(qosSpecs).get(call.param('id'))
  if (!specs) throw notFound(noSuchSpec(call.param('id')))
  return specs
}

const list = (call: Call) =>
  ok(
    listOf(
      call,
      call.store.of(qosSpecs),
      {},
      {
        collection: 'qos_specs',
        linksKey: 'qos_specs_links',
        linkPath: 'qos-specs',
        unknownMarker: noSuchSpec,
        // Name, consumer and specs are rows of the table, not columns: Cinder neither sorts nor filters by them.
        sortKeys: { id: (specs) => specs.id, created_at: () => 0, updated_at: () => 0, key: () => 0, value: () => 0 },
        filters: { id: (specs, value) => specs.id === value },
        unmodelled: ['deleted', 'deleted_at', 'created_at', 'updated_at', 'key', 'value', 'specs_id'],
        strictFrom: '3.0',
      },
      view,
    ),
  )

const show = (call: Call) => detail(call, find(call))

const consumers: readonly unknown[] = ['back-end', 'front-end', 'both'] satisfies QosSpecsRecord['consumer'][]

const isConsumer = (value: unknown): value is QosSpecsRecord['consumer'] => consumers.includes(value)

const invalidConsumer = () =>
  badRequest(
    "Invalid qos specs: Valid consumer of QoS specs are: QoSConsumerValues(default=<class 'oslo_versionedobjects.fields.UnspecifiedDefault'>,nullable=False,valid_values=('back-end', 'front-end', 'both'))",
  )

/** Cinder leaves out specs without a value. */
const kept = (specs: Readonly<Record<string, string | null>>): Record<string, string> =>
  Object.fromEntries(Object.entries(specs).flatMap(([key, value]) => (value === null ? [] : [[key, value]])))

/** The specs of a create: the schema lets values of any type through. */
const textsOf = (specs: Readonly<Record<string, unknown>>): Record<string, string> => {
  const texts: Record<string, string | null> = {}
  for (const [key, value] of Object.entries(specs)) {
    if (key.length < 1) throw invalidInput(`Key "${key}" has 0 characters, less than 1.`)
    if (key.length > 255) throw invalidInput(`Key "${key}" has ${key.length} characters, more than 255.`)
    if (value !== null && typeof value !== 'string') {
      throw invalidInput(`Value for key "${key}" is not a string or unicode`)
    }
    if (value !== null && value.length > 255) {
      throw invalidInput(`Value for key "${key}" has ${value.length} characters, more than 255.`)
    }
    texts[key] = value
  }
  return kept(texts)
}

const serverError = 'The server has either erred or is incapable of performing the requested operation.'

const create = (call: Call) => {
  const body = call.json(z.looseObject({ qos_specs: z.looseObject({ name: z.string() }) }))
  // By a mistake in its schema Cinder fails on a key of this name.
  if ('type' in body) throw new ApiError(500, serverError)
  const { qos_specs: asked } = body
  const { name: given, ...others } = asked
  const name = given.trim()
  const { consumer = 'back-end', ...specs } = textsOf(others)
  if (!isConsumer(consumer)) throw invalidConsumer()
  if (call.store.of(qosSpecs).find({ name })) throw conflict(`QoS Specs ${name} already exists.`)
  return detail(call, call.store.of(qosSpecs).insert({ id: call.context.ids.uuid(), name, consumer, specs }))
}

const update = (call: Call) => {
  const body = call.json(z.strictObject({ qos_specs: z.record(z.string(), z.string().nullable()) }))
  const { consumer, ...specs } = body.qos_specs
  const before = find(call)
  if (consumer !== undefined && !isConsumer(consumer)) throw invalidConsumer()
  const changes = { specs: { ...before.specs, ...kept(specs) }, ...(consumer === undefined ? {} : { consumer }) }
  call.store.of(qosSpecs).update(before.id, changes)
  return ok(body)
}

const typesOf = (call: Call, specs: QosSpecsRecord): VolumeTypeRecord[] =>
  call.store.of(volumeTypes).where({ qosSpecs: specs.id })

const release = (call: Call, types: readonly VolumeTypeRecord[]): void => {
  for (const type of types) call.store.of(volumeTypes).update(type.id, { qos_specs_id: null })
}

const remove = (call: Call) => {
  const isForced = booleanOf(call, 'force')
  const specs = find(call)
  const types = typesOf(call, specs)
  if (types.length > 0 && !isForced) throw badRequest('Qos specs still in use.')
  release(call, types)
  call.store.of(qosSpecs).delete(specs.id)
  return acceptedAsHtml()
}

/** Cinder keeps what it has deleted in front of a key that the specs have not. */
const removeKeys = (call: Call) => {
  const { keys } = call.json(z.strictObject({ keys: z.array(z.string()) }))
  const { id, specs } = find(call)
  const firstMissing = keys.findIndex((key) => !Object.hasOwn(specs, key))
  const gone = firstMissing < 0 ? keys : keys.slice(0, firstMissing)
  const rest = Object.fromEntries(Object.entries(specs).filter(([key]) => !gone.includes(key)))
  call.store.of(qosSpecs).update(id, { specs: rest })
  if (firstMissing < 0) return acceptedAsHtml()
  const message = `QoS spec ${id} has no spec with key ${keys[firstMissing]}.`
  return { status: 404, body: { itemNotFound: { code: 404, message } } }
}

const listAssociations = (call: Call) =>
  ok({
    qos_associations: typesOf(call, find(call)).map(({ id, name }) => ({ association_type: 'volume_type', name, id })),
  })

/** The volume type that the query names, and the specs of the path. */
const pairOf = (call: Call): { type: VolumeTypeRecord; specs: QosSpecsRecord } => {
  const typeId = call.query.get('vol_type_id')
  if (!typeId) throw badRequest('Volume Type id must not be None.')
  const specs = find(call)
  const type = call.store.of(volumeTypes).get(typeId)
  if (!type) throw notFound(`Volume type ${typeId} could not be found.`)
  return { type, specs }
}

const associate = (call: Call) => {
  const { type, specs } = pairOf(call)
  const { qos_specs_id: present = null } = type
  if (present !== null && present !== specs.id) {
    throw badRequest(`Invalid volume type: Type ${type.id} is already associated with another qos specs: ${present}`)
  }
  call.store.of(volumeTypes).update(type.id, { qos_specs_id: specs.id })
  return acceptedAsHtml()
}

const disassociate = (call: Call) => {
  const { type, specs } = pairOf(call)
  if (type.qos_specs_id === specs.id) release(call, [type])
  return acceptedAsHtml()
}

const disassociateAll = (call: Call) => {
  release(call, typesOf(call, find(call)))
  return acceptedAsHtml()
}

const one = '/qos-specs/:id'
const table: readonly (readonly [method: Method, path: string, verb: string, policy: string, handle: Handler])[] = [
  ['GET', '/qos-specs', 'list', 'get_all', list],
  ['POST', '/qos-specs', 'create', 'create', create],
  ['GET', one, 'show', 'get', show],
  ['PUT', one, 'update', 'update', update],
  ['DELETE', one, 'delete', 'delete', remove],
  ['PUT', `${one}/delete_keys`, 'delete-keys', 'delete', removeKeys],
  ['GET', `${one}/associations`, 'list-associations', 'get_all', listAssociations],
  ['GET', `${one}/associate`, 'associate', 'update', associate],
  ['GET', `${one}/disassociate`, 'disassociate', 'update', disassociate],
  ['GET', `${one}/disassociate_all`, 'disassociate-all', 'update', disassociateAll],
]

/** https://docs.openstack.org/api-ref/block-storage/v3/#quality-of-service-qos-specifications-qos-specs */
export const qosSpecsRoutes: readonly Route[] = table.map(([method, path, verb, policy, handle]) => ({
  method,
  path,
  operation: `qos-specs.${verb}`,
  access: { admin: `volume_extension:qos_specs_manage:${policy}` },
  handle,
}))
