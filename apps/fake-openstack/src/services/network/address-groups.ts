import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { isoSeconds } from '../../kernel/time-format.ts'
import { formatBlock, parseBlock } from './addresses.ts'
import { commonAttributes, textAttribute } from './attribute.ts'
import { internalError, neutronError } from './neutron-errors.ts'
import { grantedIds, isSharedWith, removePolicies } from './rbac-access.ts'
import { cidr, toList } from './readers.ts'
import { type AddressGroupRecord, addressGroups } from './records.ts'
import { changesOf, newRecord, type Resource, shown, touched, visible } from './resource.ts'

/** `[10.0.0.0/8, 192.168.0.1/32]` */
const addressList = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return `'${String(value)}' is not a list`
  const items: readonly unknown[] = value
  const duplicates = new Set(items.filter((one, n) => items.indexOf(one) !== n))
  if (duplicates.size > 0) return `Duplicate items in the list: '${[...duplicates].join(', ')}'`
  return items.map(subnet).find((problem) => problem !== undefined)
}

const subnet = (value: unknown): string | undefined => {
  const text = String(value)
  const block = text.includes('/') ? undefined : parseBlock(text)
  return block ? `'${text}' isn't a recognized IP subnet cidr, '${formatBlock(block)}' is recommended` : cidr(value)
}

const normalized = (addresses: readonly string[]): string[] => [
  ...new Set(
    addresses.map((address) => {
      const block = parseBlock(address)
      return block ? formatBlock(block) : address
    }),
  ),
]

/** Address groups. https://docs.openstack.org/api-ref/network/v2/#address-groups */
export const addressGroupResource: Resource<AddressGroupRecord, 'name' | 'nameKey' | 'project' | 'id', never> = {
  name: 'address_group',
  plural: 'address_groups',
  path: 'address-groups',
  collection: addressGroups,
  notFound: (id) => neutronError(404, 'AddressGroupNotFound', `Address group ${id} could not be found.`),
  knowsMarkers: false,
  attributes: {
    ...commonAttributes,
    // Address groups have no tags.
    ...Object.fromEntries(['tags', 'tags-any', 'not-tags', 'not-tags-any'].map((name) => [name, {}])),
    name: textAttribute(255),
    description: textAttribute(1024),
    addresses: { post: 'optional', convert: toList, validate: addressList },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, group) => group.project_id === call.projectId || isSharedWith(call, group, call.projectId),
  scopes: (call) => [
    { project: call.projectId },
    ...grantedIds(call, 'address_group', call.projectId).map((id) => ({ id })),
  ],
  view: (_, group) => ({ name: group.name, addresses: group.addresses }),
  hides: ['tags', 'created_at', 'updated_at', 'revision_number'],
  create: (call, body) => {
    const addresses = normalized(body.get<string[]>('addresses') ?? [])
    // Neutron adds them by a change of the new group.
    const revision = addresses.length > 0 ? 1 : 0
    const name = body.get<string>('name') ?? ''
    return call.store.of(addressGroups).insert({ ...newRecord(call, body, revision), name, addresses })
  },
  update: (call, group, body) => {
    const changes = changesOf(body, ['name', 'description'])
    return call.store.of(addressGroups).update(group.id, changes as Partial<AddressGroupRecord>) // its own attributes
  },
  remove: (call, group) => {
    removePolicies(call, group.id)
    call.store.of(addressGroups).delete(group.id)
  },
}

/** Neutron takes what it is given for a list, and fails without one. */
const readAddresses = (call: Call): string[] => {
  const body = isObject(call.rawJson) ? call.rawJson : {}
  const sent = body['addresses']
  if (typeof sent !== 'string' && !Array.isArray(sent)) throw internalError()
  const asked = [...sent].map(String)
  const wrong = asked.find((one) => !parseBlock(one))
  if (wrong !== undefined) throw neutronError(400, 'AddrFormatError', `invalid IPNetwork ${wrong}`)
  return normalized(asked)
}

/** The answer to a change of addresses shows what the others hide. */
const wholeView = (call: Call, group: AddressGroupRecord) => ({
  ...shown(call, addressGroupResource, group),
  created_at: isoSeconds(group.created_at),
  updated_at: isoSeconds(group.updated_at),
  revision_number: group.revision_number,
  shared: false,
})

const change =
  (verb: 'add' | 'remove') =>
  (call: Call): ReturnType<typeof ok> => {
    const group = visible(call, addressGroupResource, call.param('id'))
    const asked = readAddresses(call)
    const known = asked.filter((one) => group.addresses.includes(one))
    const unknown = asked.filter((one) => !group.addresses.includes(one))
    if (verb === 'add' && known.length > 0) {
      const message = `Addresses ${pythonRepr(known)} already exist in the address group ${group.id}.`
      throw neutronError(400, 'AddressesAlreadyExist', message)
    }
    if (verb === 'remove' && unknown.length > 0) {
      const message = `Addresses ${pythonRepr(unknown)} not found in the address group ${group.id}.`
      throw neutronError(404, 'AddressesNotFound', message)
    }
    const addresses =
      verb === 'add' ? [...group.addresses, ...asked] : group.addresses.filter((one) => !asked.includes(one))
    const touch = asked.length > 0 ? touched(call, addressGroupResource, group.id) : {}
    const changed = call.store.of(addressGroups).update(group.id, { addresses, ...touch })
    return ok({ address_group: wholeView(call, changed) })
  }

/** Adding and removing addresses of a group. */
export const addressGroupActionRoutes: readonly Route[] = (['add', 'remove'] as const).map((verb) => ({
  method: 'PUT',
  path: `/address-groups/:id/${verb}_addresses`,
  operation: `address_groups.${verb}-addresses`,
  handle: change(verb),
}))
