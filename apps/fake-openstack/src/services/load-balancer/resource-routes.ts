import { badRequest } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { Where } from '../../kernel/collection.ts'
import { noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Route } from '../../kernel/service.ts'
import { type Form, invalid, missingObject, readPut, type Values } from './fields.ts'
import { type OctaviaResource, octaviaList, picked } from './octavia-resource.ts'
import type { OctaviaRecord } from './records.ts'

/** One kind of resource as it is served. */
export interface Kind<T extends OctaviaRecord, I extends string> extends OctaviaResource<T, I> {
  /** Where the collection is: `/listeners`. */
  path: string
  /** What the operations are called after, if not `plural`. */
  operations?: string
  form: Form
  /** For a collection that belongs to something: that is looked up before anything else, and narrows the list. */
  scope?: (call: Call) => Where<I>
  /** The record of an id, that of the path when none is given; 404 or 403 otherwise. */
  find: (call: Call, id?: string) => T
}

/** The five routes that all kinds have. */
export const resourceRoutes = <T extends OctaviaRecord, I extends string>(
  kind: Kind<T, I>,
  { create, update, remove }: { create: Handler; update: Handler; remove: Handler },
): Route[] => {
  const { path, find, scope, view, form } = kind
  const operation = kind.operations ?? kind.plural
  return [
    {
      method: 'GET',
      path,
      operation: `${operation}.list`,
      handle: (call) => ok(octaviaList(call, kind, scope?.(call))),
    },
    { method: 'POST', path, operation: `${operation}.create`, handle: create },
    {
      method: 'GET',
      path: `${path}/:id`,
      operation: `${operation}.show`,
      // The query takes the place of the path.
      handle: (call) => ok({ [form.root]: picked(call, view(call, find(call, call.query.get('id') ?? undefined))) }),
    },
    ...refusals(kind, operation),
    { method: 'PUT', path: `${path}/:id`, operation: `${operation}.update`, handle: update },
    { method: 'DELETE', path: `${path}/:id`, operation: `${operation}.delete`, handle: remove },
  ]
}

/** A create with an id, and a change or a deletion without one. */
const refusals = <T extends OctaviaRecord, I extends string>(
  { path, form }: Kind<T, I>,
  operation: string,
): Route[] => {
  const withoutId: Handler = () => {
    throw badRequest('Missing argument: "id"')
  }
  const withId: Handler = (call) => {
    const reason = `unable to convert to ${form.type}. Error: Base.__init__() takes 1 positional argument but 2 were given`
    throw invalid(form.argument, call.param('id'), reason)
  }
  const isReplaced = path.endsWith('/members')
  return [
    ...(form.type === undefined
      ? []
      : [{ method: 'POST' as const, path: `${path}/:id`, operation: `${operation}.create-one`, handle: withId }]),
    ...(isReplaced ? [] : [{ method: 'PUT' as const, path, operation: `${operation}.update-none`, handle: withoutId }]),
    { method: 'DELETE', path, operation: `${operation}.delete-none`, handle: withoutId },
  ]
}

/** The fields of a form that a `PUT` may change. */
export const changeable = ({ fields }: Form): string[] => Object.keys(fields).filter((name) => fields[name]?.put)

/** Those of the fields that were sent, as changes of a record. */
export const changesOf = <T extends OctaviaRecord>(values: Values, updatable: readonly string[]): Partial<T> =>
  // Each value comes from the reader of the field of that name.
  Object.fromEntries(updatable.filter((name) => values.has(name)).map((name) => [name, values.get(name)])) as Partial<T>

/** `PUT`: stores the fields that were sent, and leaves the resource pending. */
export const updateOf =
  <T extends OctaviaRecord, I extends string>(
    kind: Kind<T, I>,
    parts: {
      /** Fields that are stored; by default all that may change. */
      updatable?: readonly string[]
      /** Refuses changes that do not fit. */
      check?: (call: Call, record: T, values: Values) => void
      /** Refuses while another change is under way; begins this one. */
      begin: (call: Call, record: T) => void
    },
  ): Handler =>
  (call) => {
    kind.scope?.(call)
    const missing = missingObject(call, kind.form)
    if (missing) {
      kind.find(call)
      throw missing
    }
    const values = readPut(call, kind.form)
    const record = kind.find(call)
    parts.check?.(call, record, values)
    parts.begin(call, record)
    const changes: Partial<OctaviaRecord> = { provisioning_status: 'PENDING_UPDATE' }
    const after = call.store.of(kind.collection).update(record.id, {
      ...changesOf<T>(values, parts.updatable ?? changeable(kind.form)),
      ...changes,
    })
    return ok({ [kind.form.root]: kind.view(call, after) })
  }

/** `DELETE`: leaves the resource, and what `below` says goes with it, pending until the change is through. */
export const removalOf =
  <T extends OctaviaRecord, I extends string>(
    kind: Kind<T, I>,
    parts: { begin: (call: Call, record: T) => void; below?: (call: Call, record: T) => void },
  ): Handler =>
  (call) => {
    const record = kind.find(call)
    parts.begin(call, record)
    parts.below?.(call, record)
    call.store.of(kind.collection).update(record.id, pendingDelete as Partial<T>) // a field that every T has
    return noContent()
  }

/** What a resource is while it goes. */
export const pendingDelete = { provisioning_status: 'PENDING_DELETE' } as const
