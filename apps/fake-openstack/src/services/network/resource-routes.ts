import type { Call } from '../../kernel/call.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Route } from '../../kernel/service.ts'
import { checkUpdateOfNone, isCore, readCreate, readUpdate } from './attribute.ts'
import { listOf, readFilters, readLimit, readSortKeys } from './list.ts'
import { internalError, latin1, malformed, neutronError, overQuota } from './neutron-errors.ts'
import type { NeutronRecord } from './records.ts'
import { type Resource, shown, touched, visible } from './resource.ts'

/** List, show, create, update and delete. */
export const resourceRoutes = <T extends NeutronRecord, I extends string, S extends string>(
  declared: Resource<T, I, S>,
): Route[] => {
  const { path, plural, name } = declared
  const isOfCore = isCore(declared)
  const resource: Resource<T, I, S> = isOfCore
    ? declared
    : { ...declared, notFound: (id) => declared.notFound(latin1(id)) }
  // Neutron calls a method of one object without an id, and finds nothing by it.
  const refuseMissingId = (call: Call): never => {
    if (call.request.method === 'PUT') checkUpdateOfNone(call, resource)
    throw resource.notFound('None')
  }
  const routes: Route[] = [
    { method: 'GET', path: `/${path}`, operation: `${plural}.list`, handle: (call) => ok(listOf(call, resource)) },
    { method: 'POST', path: `/${path}`, operation: `${plural}.create`, handle: (call) => create(call, resource) },
    {
      method: 'GET',
      path: `/${path}/:id`,
      operation: `${plural}.show`,
      handle: (call) => {
        if (isOfCore) checkQueryOfOne(call, resource)
        return ok({ [name]: shown(call, resource, visible(call, resource, call.param('id'))) })
      },
    },
    { method: 'PUT', path: `/${path}`, operation: `${plural}.update-none`, handle: refuseMissingId },
    { method: 'DELETE', path: `/${path}`, operation: `${plural}.delete-none`, handle: refuseMissingId },
    { method: 'PUT', path: `/${path}/:id`, operation: `${plural}.update`, handle: (call) => update(call, resource) },
    {
      method: 'DELETE',
      path: `/${path}/:id`,
      operation: `${plural}.delete`,
      ...(isOfCore ? { body: 'presence' as const } : {}),
      handle: (call) => {
        if (!isOfCore) refuseBody(call)
        const record = owned(call, resource, 'delete')
        refuseBody(call)
        checkRevision(call, record)
        resource.remove(call, record)
        return noContent()
      },
    },
  ]
  const { before } = resource
  return routes.map((route) => ({
    ...route,
    handle: (call: Call) => {
      if (isOfCore || call.url.pathname.endsWith('/')) requireJson(call)
      before?.(call)
      return route.handle(call)
    },
  }))
}

const refuseBody = (call: Call): void => {
  if (call.rawJson !== undefined) throw malformed('Request body is not supported in DELETE.')
}

/** Neutron checks the query of one object as that of a list. */
const checkQueryOfOne = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
): void => {
  const filters = readFilters(call, resource.attributes)
  resource.narrow?.(filters)
  readLimit(call)
  readSortKeys(call, resource.attributes)
}

/** The controllers of networks, subnets and ports answer in JSON only, and those of a path with a slash at the end. */
export const requireJson = (call: Call): void => {
  if (/\.json\/*$/.test(call.url.pathname)) return
  const accept = call.request.headers.get('accept') ?? ''
  if (accept === '' || /(application\/json|application\/\*|\*\/\*)/i.test(accept)) return
  throw neutronError(
    406,
    'HTTPNotAcceptable',
    'The server could not comply with the request since it is either malformed or otherwise incorrect.',
  )
}

const create = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
) => {
  const { bodies, isBulk } = readCreate(call, resource)
  if (resource.quota !== undefined) {
    const adding = new Map<string, number>()
    for (const { project_id } of bodies) adding.set(project_id, (adding.get(project_id) ?? 0) + 1)
    for (const [projectId, count] of adding) checkQuota(call, resource, projectId, count)
  }
  resource.beforeCreate?.(call, bodies)
  checkStorable(call)
  const views = bodies.map((body) => shown(call, resource, resource.create(call, body)))
  return created(isBulk ? { [resource.plural]: views } : { [resource.name]: views[0] })
}

/** Refuses what would pass the project's quota. Every collection of a quota has the index `project`. */
const checkQuota = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Pick<Resource<T, I, S>, 'collection' | 'quota'>,
  projectId: string,
  adding: number,
): void => {
  const quota = resource.quota ?? ''
  const used = call.store.of(resource.collection).count('project' as I, projectId)
  if (call.context.quotas.exceeded('network', projectId, quota, used, adding)) throw overQuota(quota)
}

/** MariaDB's `utf8`, in which Neutron's tables are, has no characters of four bytes. */
const checkStorable = (call: Call): void => {
  if (/[\u{10000}-\u{10FFFF}]/u.test(JSON.stringify(call.rawJson))) throw internalError()
}

const update = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
) => {
  // With a slash at the end Neutron finds the object before it misses one in the body.
  if (!isCore(resource) && call.url.pathname.endsWith('/')) {
    checkUpdateOfNone(call, resource)
    visible(call, resource, call.param('id'))
  }
  const body = readUpdate(call, resource)
  const record = owned(call, resource, 'update')
  checkRevision(call, record)
  checkStorable(call)
  const changed = resource.update(call, record, body)
  const touch = JSON.stringify(changed) === JSON.stringify(record) ? {} : touched(call, resource, record.id)
  const after = call.store.of(resource.collection).update(record.id, touch as Partial<T>) // fields of NeutronRecord
  const view = shown(call, resource, after)
  return ok({ [resource.name]: resource.viewOfUpdate?.(view) ?? view })
}

/** The record, if the caller owns it; what they only may look at is refused. */
const owned = <T extends NeutronRecord, I extends string, S extends string>(
  call: Call,
  resource: Resource<T, I, S>,
  verb: 'update' | 'delete',
): T => {
  const record = visible(call, resource, call.param('id'))
  if (!call.isAdmin && record.project_id !== call.projectId) {
    throw neutronError(403, 'PolicyNotAuthorized', `rule:${verb}_${resource.name} is disallowed by policy`)
  }
  return record
}

/** `If-Match: revision_number=3`: the change is for that revision only. */
const checkRevision = (call: Call, record: NeutronRecord): void => {
  const wanted = /revision_number=(\d+)/.exec(call.request.headers.get('if-match') ?? '')?.[1]
  if (wanted === undefined || Number(wanted) === record.revision_number) return
  throw neutronError(
    412,
    'RevisionNumberConstraintFailed',
    `Constrained to ${wanted}, but current revision is ${record.revision_number}`,
  )
}
