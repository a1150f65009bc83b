import { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { ok } from '../../kernel/reply.ts'
import type { Method, Route } from '../../kernel/service.ts'
import { type Attributes, checkUpdateOfExtension } from './attribute.ts'
import { readFilters, readLimit, readSortKeys } from './list.ts'
import { malformed, neutronError } from './neutron-errors.ts'
import { toBoolean, toInteger } from './readers.ts'

/** A collection in which the fake makes nothing: its list is empty, and no id is found in it. */
interface EmptyCollection {
  /** Spellings of the path. */
  readonly paths: readonly string[]
  /** Key of the list. */
  readonly key: string
  /** Key of one, in bodies. */
  readonly singular: string
  readonly attributes: Attributes
  /** The refusal of an unknown id; left out where the fake cannot know what exists. */
  readonly notFound?: (id: string) => ApiError
  /** Methods of one item, GET among them. */
  readonly methods?: readonly Method[]
  /** Paths below an item, with their methods. */
  readonly below?: readonly (readonly [Method, string])[]
  /** The list cannot be sorted or paged: the keys for it are not looked at. */
  readonly isUnpaged?: true
  /** What an administrator sees follows from what exists, and is not modelled. */
  readonly isComputed?: true
}

const attributesOf = (filters: readonly string[], sortable: readonly string[] = []): Attributes =>
  Object.fromEntries(
    [...new Set([...filters, ...sortable])].map((name) => [
      name,
      {
        ...(filters.includes(name) ? { filter: true as const } : {}),
        ...(sortable.includes(name) ? { sort: true as const } : {}),
        ...(['shared', 'alive', 'admin_state_up', 'enabled'].includes(name) ? { convert: toBoolean } : {}),
        ...(name === 'ip_version' ? { convert: toInteger } : {}),
      },
    ]),
  )

const owners = ['tenant_id', 'project_id']
const tags = ['tags', 'tags-any', 'not-tags', 'not-tags-any', 'description', 'revision_number']
const missing = (type: string, words: string) => (id: string) => neutronError(404, type, words.replace('%', id))
const all: readonly Method[] = ['GET', 'PUT', 'DELETE']

const collections: readonly EmptyCollection[] = [
  {
    paths: ['agents'],
    key: 'agents',
    singular: 'agent',
    attributes: attributesOf([
      'admin_state_up',
      'agent_type',
      'alive',
      'availability_zone',
      'binary',
      'description',
      'host',
      'id',
      'topic',
    ]),
    isUnpaged: true,
    isComputed: true,
  },
  {
    paths: ['availability_zones'],
    key: 'availability_zones',
    singular: 'availability_zone',
    attributes: attributesOf(['name', 'resource', 'state']),
    isUnpaged: true,
  },
  {
    paths: ['rbac-policies'],
    key: 'rbac_policies',
    singular: 'rbac_policy',
    attributes: attributesOf(['id', 'object_type', 'object_id', 'target_tenant', 'action', ...owners]),
    isComputed: true,
  },
  {
    paths: ['trunks'],
    key: 'trunks',
    singular: 'trunk',
    attributes: attributesOf(
      ['admin_state_up', 'id', 'name', 'port_id', ...owners, ...tags],
      ['admin_state_up', 'id', 'name', 'port_id', 'status', ...owners],
    ),
    notFound: missing('TrunkNotFound', 'Trunk % could not be found.'),
    methods: all,
    below: [
      ['GET', 'get_subports'],
      ['PUT', 'add_subports'],
      ['PUT', 'remove_subports'],
    ],
  },
  {
    paths: ['address-scopes'],
    key: 'address_scopes',
    singular: 'address_scope',
    attributes: attributesOf(
      ['id', 'ip_version', 'name', 'shared', ...owners],
      ['id', 'ip_version', 'name', 'shared', ...owners],
    ),
    notFound: missing('AddressScopeNotFound', 'Address scope % could not be found.'),
    methods: all,
  },
  {
    paths: ['address-groups'],
    key: 'address_groups',
    singular: 'address_group',
    attributes: attributesOf(['description', 'id', 'name', ...owners], ['description', 'id', 'name', ...owners]),
    notFound: missing('AddressGroupNotFound', 'Address group % could not be found.'),
    methods: all,
    below: [
      ['PUT', 'add_addresses'],
      ['PUT', 'remove_addresses'],
    ],
  },
  {
    paths: ['flavors'],
    key: 'flavors',
    singular: 'flavor',
    attributes: attributesOf(
      ['description', 'enabled', 'id', 'name', 'service_type'],
      ['description', 'enabled', 'id', 'name', 'service_type'],
    ),
    notFound: missing('FlavorNotFound', 'Flavor % could not be found.'),
    methods: all,
  },
  {
    paths: ['service_profiles', 'service-profiles'],
    key: 'service_profiles',
    singular: 'service_profile',
    attributes: attributesOf(
      ['description', 'driver', 'enabled', 'id'],
      ['description', 'driver', 'enabled', 'id', 'metainfo'],
    ),
    notFound: missing('ServiceProfileNotFound', 'Service Profile % could not be found.'),
    methods: all,
  },
  {
    paths: ['network-ip-availabilities'],
    key: 'network_ip_availabilities',
    singular: 'network_ip_availability',
    attributes: attributesOf(['ip_version', 'network_id', 'network_name', ...owners], ['network_id']),
    isComputed: true,
  },
]

const notModelled = (what: string): ApiError => new ApiError(501, `The fake does not model ${what}.`)

const list = (one: EmptyCollection) => (call: Call) => {
  readFilters(call, one.attributes)
  if (!one.isUnpaged) {
    readSortKeys(call, one.attributes)
    readLimit(call)
  }
  if (call.isAdmin && one.isComputed) throw notModelled(`the list of ${one.key} for administrators`)
  return ok({ [one.key]: [] })
}

/** The body of an update, as far as Neutron looks at it before it looks for the object. */
const checkBody = (call: Call, singular: string): void => {
  const body = call.rawJson
  checkUpdateOfExtension(body)
  if (typeof body !== 'object' || body === null) return
  const inner = new Map<string, unknown>(Object.entries(body)).get(singular)
  if (inner === undefined) throw malformed(`Unable to find '${singular}' in request body`)
  if (typeof inner !== 'object' || inner === null) throw malformed(`Object '${singular}' contains invalid data`)
}

const routesOf = (one: EmptyCollection): Route[] =>
  one.paths.flatMap((path, spelling): Route[] => {
    // Operations are named once; the other spelling of the path has the same.
    const operation = spelling === 0 ? one.key : `${one.key}-${spelling}`
    const refuse = (call: Call): never => {
      throw one.notFound?.(call.param('id')) ?? notModelled(one.key)
    }
    return [
      { method: 'GET', path: `/${path}`, operation: `${operation}.list`, handle: list(one) },
      ...(one.methods ?? []).map(
        (method): Route => ({
          method,
          path: `/${path}/:id`,
          operation: `${operation}.${{ GET: 'show', PUT: 'update' }[String(method)] ?? 'delete'}`,
          handle: (call) => {
            if (method === 'PUT') checkBody(call, one.singular)
            if (method === 'DELETE' && call.rawJson !== undefined) {
              throw malformed('Request body is not supported in DELETE.')
            }
            return refuse(call)
          },
        }),
      ),
      ...(one.below ?? []).map(
        ([method, action]): Route => ({
          method,
          path: `/${path}/:id/${action}`,
          operation: `${operation}.${action.replaceAll('_', '-')}`,
          handle: refuse,
        }),
      ),
    ]
  })

/** Collections of Neutron that are empty in every project of the fake, and what is not found in them. */
export const emptyCollectionRoutes: readonly Route[] = collections.flatMap(routesOf)
