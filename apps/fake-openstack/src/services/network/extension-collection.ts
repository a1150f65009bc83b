import type { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { type Attributes, checkUpdateOfNone, readCreate, readUpdate } from './attribute.ts'
import { isReversed, pageLinks, readFilters, readLimit, readSortKeys } from './list.ts'
import { internalError, latin1, malformed, neutronError } from './neutron-errors.ts'
import { requireJson } from './resource-routes.ts'

/** A collection of an extension in which the fake makes nothing: every request is checked, and what passes is 501. */
export interface ExtensionCollection {
  /** Spellings of the path; Neutron looks at requests of the second in another order. */
  readonly paths: readonly [string] | readonly [string, string]
  /** Key of the list. */
  readonly key: string
  /** Key of one, in bodies. */
  readonly singular: string
  readonly attributes: Attributes
  /** The refusal of an unknown id; left out where Neutron has no method for one object and fails. */
  readonly notFound?: (id: string) => ApiError
  /** Whether an id may exist that the fake does not know. */
  readonly mayExist?: (call: Call, id: string) => boolean
  /** Only administrators create. */
  readonly isMadeByAdmins?: true
  /** Further checks of a new object. */
  readonly checkNew?: (read: { has(name: string): boolean }) => void
  /** Paths below an item, with their methods. */
  readonly below?: readonly (readonly [Method, string])[]
  /** Answers the list; an empty one when left out. */
  readonly list?: Handler
  /** The list cannot be sorted or paged: the keys for it are not looked at. */
  readonly isUnpaged?: true
  /** Whether there is one of this id, of which others than administrators hear nothing. */
  readonly hiddenFromTenants?: (call: Call, id: string) => boolean
  /** What administrators see of the list, and of one: undefined where there is none. */
  readonly listOfAdmin?: (call: Call, filters: ReadonlyMap<string, readonly string[]>) => readonly object[]
  readonly showToAdmin?: (call: Call, id: string) => object | undefined
  /** What an administrator sees follows from what exists, and is not modelled. */
  readonly isComputed?: true
}

const listOf = (one: ExtensionCollection, call: Call) => {
  if (one.list) return one.list(call)
  const filters = readFilters(call, one.attributes)
  if (!one.isUnpaged) {
    readSortKeys(call, one.attributes)
  }
  if (call.isAdmin && one.listOfAdmin) return ok({ [one.key]: one.listOfAdmin(call, filters) })
  if (call.isAdmin && one.isComputed) return notModelled(call)
  const limit = one.isUnpaged ? undefined : readLimit(call)
  const links = limit === undefined ? [] : pageLinks(call, [], limit, isReversed(call))
  return ok({ [one.key]: [], ...(links.length > 0 ? { [`${one.key}_links`]: links } : {}) })
}

const refuseItem = (one: ExtensionCollection, call: Call, id: string): never => {
  if (!one.notFound) throw internalError()
  if (one.mayExist?.(call, id)) return notModelled(call)
  if (!call.isAdmin && one.hiddenFromTenants?.(call, id)) {
    throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.')
  }
  throw one.notFound(id)
}

const refuseBody = (call: Call): void => {
  if (call.rawJson !== undefined) throw malformed('Request body is not supported in DELETE.')
}

const create = (one: ExtensionCollection, call: Call, isPecan: boolean): never => {
  if (isPecan) checkFormOfPecan(call, one)
  const { bodies } = readCreate(call, { name: one.singular, plural: one.key, attributes: one.attributes })
  if (one.isMadeByAdmins && !call.isAdmin) {
    throw neutronError(403, 'PolicyNotAuthorized', `rule:create_${one.singular} is disallowed by policy`)
  }
  for (const body of bodies) one.checkNew?.(body)
  return notModelled(call)
}

/** What the newer of Neutron's two front ends says of a body without an object. */
const checkFormOfPecan = (call: Call, { singular, key }: ExtensionCollection): void => {
  const raw = call.rawJson
  if (raw !== undefined && !isObject(raw)) throw malformed('Body contains invalid data')
  if (isObject(raw) && (singular in raw || key in raw)) return
  throw malformed(`Unable to find '${singular}' in request body`)
}

/** Routes of a collection, by one of its paths. */
const routesAt = (one: ExtensionCollection, path: string, spelling: number): Route[] => {
  // Operations are named once; the other spelling of the path has the same.
  const operation = spelling === 0 ? one.key : `${one.key}-${spelling}`
  const checked = { name: one.singular, attributes: one.attributes }
  const id = (call: Call): string => (isPecan(call) ? call.param('id') : latin1(call.param('id')))
  const isPecan = (call: Call): boolean => spelling > 0 || call.url.pathname.endsWith('/')
  const route = (method: Method, at: string, name: string, handle: Handler): Route => ({
    method,
    path: `/${path}${at}`,
    operation: `${operation}.${name}`,
    ...(method === 'POST' ? { endsUnmodelled: true as const } : {}),
    handle: (call) => {
      if (isPecan(call)) requireJson(call)
      return handle(call)
    },
  })
  return [
    route('GET', '', 'list', (call) => listOf(one, call)),
    route('POST', '', 'create', (call) => create(one, call, isPecan(call))),
    route('PUT', '', 'update-none', (call) => {
      checkUpdateOfNone(call, checked)
      return refuseItem(one, call, 'None')
    }),
    route('DELETE', '', 'delete-none', (call) => refuseItem(one, call, 'None')),
    route('GET', '/:id', 'show', (call) => {
      if (isPecan(call)) {
        readFilters(call, one.attributes)
        readLimit(call)
        readSortKeys(call, one.attributes)
      }
      const found = call.isAdmin ? one.showToAdmin?.(call, id(call)) : undefined
      return found ? ok({ [one.singular]: found }) : refuseItem(one, call, id(call))
    }),
    route('PUT', '/:id', 'update', (call) => {
      if (isPecan(call)) checkUpdateOfNone(call, checked)
      else readUpdate(call, checked)
      return refuseItem(one, call, id(call))
    }),
    route('DELETE', '/:id', 'delete', (call) => {
      if (!isPecan(call)) refuseBody(call)
      return refuseItem(one, call, id(call))
    }),
    ...(one.below ?? []).map(([method, action]) =>
      route(method, `/:id/${action}`, action.replaceAll('_', '-'), (call) => refuseItem(one, call, id(call))),
    ),
  ]
}

/** All routes of a collection. */
export const extensionCollectionRoutes = (one: ExtensionCollection): Route[] =>
  one.paths.flatMap((path, spelling) => routesAt(one, path, spelling))
