import type { ApiError } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import { isObject } from '../../kernel/json-schema.ts'
import { notModelled } from '../../kernel/not-modelled.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Method, Route } from '../../kernel/service.ts'
import { type Attributes, checkUpdateOfNone, readCreate, readUpdate } from './attribute.ts'
import { isReversed, onlyFields, pageLinks, readFilters, readLimit, readSortKeys } from './list.ts'
import { internalError, latin1, malformed, neutronError } from './neutron-errors.ts'
import { requireJson } from './resource-routes.ts'
import { type StoredObjects, selected } from './stored-objects.ts'

type View = Readonly<Record<string, unknown>>

/** A collection of an extension: every request is checked, and what passes is 501 where the fake stores nothing. */
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
  /** Only administrators create. */
  readonly isMadeByAdmins?: true
  /** Who sees an object may change it. */
  readonly isChangedByOwners?: true
  /** Others than administrators hear nothing of any object. */
  readonly isHidden?: true
  /** What the fake makes and keeps. */
  readonly stored?: StoredObjects
  /** Answers the list; an empty one when left out. */
  readonly list?: Handler
  /** The list cannot be sorted or paged: the keys for it are not looked at. */
  readonly isUnpaged?: true
  /** The list can be sorted and not paged: a limit is not looked at. */
  readonly hasNoPages?: true
  /** Whether there is one of this id, of which others than administrators hear nothing. */
  readonly hiddenFromTenants?: (call: Call, id: string) => boolean
  /** What administrators see of the list, and of one: undefined where there is none. */
  readonly listOfAdmin?: (call: Call, filters: ReadonlyMap<string, readonly string[]>) => readonly View[]
  readonly showToAdmin?: (call: Call, id: string) => View | undefined
  /** The attribute of those by which pages are marked. */
  readonly primaryKey?: string
}

const listOf = (one: ExtensionCollection, call: Call) => {
  if (one.list) return one.list(call)
  const filters = readFilters(call, one.attributes)
  if (!one.isUnpaged) {
    readSortKeys(call, one.attributes)
  }
  const all = one.stored
    ? selected(call, one.stored, filters, one.attributes)
    : (call.isAdmin && one.listOfAdmin?.(call, filters)) || []
  const limit = one.isUnpaged || one.hasNoPages ? undefined : readLimit(call)
  if (limit === undefined) return ok({ [one.key]: all.map((item) => onlyFields(call, item)) })
  const idOf = (item: View): string => String(item[one.primaryKey ?? 'id'])
  const page = pageOf(call, all, limit, idOf)
  const marks = page.map((item) => ({ id: idOf(item) }))
  const links = pageLinks(call, marks, limit, isReversed(call))
  const shown = page.map((item) => onlyFields(call, item))
  return ok({ [one.key]: shown, ...(links.length > 0 ? { [`${one.key}_links`]: links } : {}) })
}

/** A page as Neutron cuts it from a list that its database does not page: empty after an unknown marker. */
const pageOf = (call: Call, all: readonly View[], limit: number, idOf: (item: View) => string): readonly View[] => {
  const marker = call.query.get('marker') ?? ''
  const at = all.findIndex((item) => idOf(item) === marker)
  if (marker !== '' && at < 0) return []
  if (!isReversed(call)) return all.slice(at + 1, at + 1 + limit)
  const end = marker === '' ? all.length : at
  return all.slice(Math.max(end - limit, 0), end)
}

const refuseItem = (one: ExtensionCollection, call: Call, id: string): never => {
  if (!one.notFound) throw internalError()
  if (!call.isAdmin && one.hiddenFromTenants?.(call, id)) {
    throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.')
  }
  throw one.notFound(id)
}

const refuseBody = (call: Call): void => {
  if (call.rawJson !== undefined) throw malformed('Request body is not supported in DELETE.')
}

const create = (one: ExtensionCollection, call: Call, isPecan: boolean) => {
  if (isPecan) checkFormOfPecan(call, one)
  const { bodies, isBulk } = readCreate(call, { name: one.singular, plural: one.key, attributes: one.attributes })
  if (one.isMadeByAdmins && !call.isAdmin) {
    throw neutronError(403, 'PolicyNotAuthorized', `rule:create_${one.singular} is disallowed by policy`)
  }
  const { stored } = one
  if (!stored) return notModelled(call)
  const views = bodies.map((body) => stored.create(call, body))
  return created(isBulk ? { [one.key]: views } : { [one.singular]: views[0] })
}

/** What the fake keeps under this id, if the caller may see it; to change it they have to be an administrator. */
const storedOf = (one: ExtensionCollection, call: Call, id: string, verb?: 'update' | 'delete'): View | undefined => {
  const found = one.stored?.find(call, id)
  if (!found || call.isAdmin) return found
  if (one.isHidden) throw neutronError(404, 'HTTPNotFound', 'The resource could not be found.')
  if (verb && !one.isChangedByOwners) {
    throw neutronError(403, 'PolicyNotAuthorized', `rule:${verb}_${one.singular} is disallowed by policy`)
  }
  return found
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
    ...(method === 'POST' && !one.stored ? { endsUnmodelled: true as const } : {}),
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
      const shown = call.isAdmin ? one.showToAdmin?.(call, id(call)) : undefined
      const found = shown ?? storedOf(one, call, id(call))
      return found ? ok({ [one.singular]: onlyFields(call, found) }) : refuseItem(one, call, id(call))
    }),
    route('PUT', '/:id', 'update', (call) => {
      const found = storedOf(one, call, id(call), 'update')
      if (isPecan(call) && !found) checkUpdateOfNone(call, checked)
      else {
        const body = readUpdate(call, checked)
        if (found && one.stored) return ok({ [one.singular]: one.stored.update(call, id(call), body) })
      }
      return refuseItem(one, call, id(call))
    }),
    route('DELETE', '/:id', 'delete', (call) => {
      if (!isPecan(call)) refuseBody(call)
      if (storedOf(one, call, id(call), 'delete')) {
        one.stored?.remove(call, id(call))
        return noContent()
      }
      return refuseItem(one, call, id(call))
    }),
  ]
}

/** All routes of a collection. */
export const extensionCollectionRoutes = (one: ExtensionCollection): Route[] =>
  one.paths.flatMap((path, spelling) => routesAt(one, path, spelling))
