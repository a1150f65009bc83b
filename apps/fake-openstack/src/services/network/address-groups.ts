import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { pythonRepr } from '../../kernel/python-repr.ts'
import { ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { formatBlock, parseBlock } from './addresses.ts'
import { commonAttributes } from './attribute.ts'
import { badResourceRequest, neutronError } from './neutron-errors.ts'
import { cidr, string, toList } from './readers.ts'
import { type AddressGroupRecord, addressGroups } from './records.ts'
import { changesOf, newRecord, type Resource, shown, touched, visible } from './resource.ts'

/** `[10.0.0.0/8, 192.168.0.1/32]` */
const addressList = (value: unknown): string | undefined => {
  if (!Array.isArray(value)) return `'${String(value)}' is not a list`
  if (new Set(value).size < value.length) return `Duplicate items in the list: '${value.join(', ')}'`
  return value.map(cidr).find((problem) => problem !== undefined)
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
export const addressGroupResource: Resource<AddressGroupRecord, 'name' | 'nameKey' | 'project', never> = {
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
    name: { post: 'optional', put: true, default: '', validate: string(255), filter: true, sort: true },
    description: { post: 'optional', put: true, default: '', validate: string(1024), filter: true, sort: true },
    addresses: { post: 'optional', convert: toList, validate: addressList },
  },
  indexes: { name: 'nameKey', project_id: 'project' },
  isVisible: (call, group) => group.project_id === call.projectId,
  scopes: (call) => [{ project: call.projectId }],
  view: (_, group) => ({ name: group.name, addresses: group.addresses }),
  hides: ['tags'],
  create: (call, body) =>
    call.store.of(addressGroups).insert({
      ...newRecord(call, body, 0),
      name: body.get<string>('name') ?? '',
      addresses: normalized(body.get<string[]>('addresses') ?? []),
    }),
  update: (call, group, body) => {
    const changes = changesOf(body, ['name', 'description'])
    return call.store.of(addressGroups).update(group.id, changes as Partial<AddressGroupRecord>) // its own attributes
  },
  remove: (call, group) => {
    call.store.of(addressGroups).delete(group.id)
  },
}

const readAddresses = (call: Call): string[] => {
  const body = isObject(call.rawJson) ? call.rawJson : {}
  const problem = addressList(body['addresses'])
  if (problem !== undefined) throw badResourceRequest('address_group', problem)
  return normalized((body['addresses'] as readonly unknown[]).map(String)) // a list, as was checked
}

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
    const changed = call.store
      .of(addressGroups)
      .update(group.id, { addresses, ...touched(call, addressGroupResource, group.id) })
    return ok({ address_group: shown(call, addressGroupResource, changed) })
  }

/** Adding and removing addresses of a group. */
export const addressGroupActionRoutes: readonly Route[] = (['add', 'remove'] as const).map((verb) => ({
  method: 'PUT',
  path: `/address-groups/:id/${verb}_addresses`,
  operation: `address_groups.${verb}-addresses`,
  handle: change(verb),
}))
