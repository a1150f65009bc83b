import { conflict, notFound } from '../../kernel/api-error.ts'
import type { Call } from '../../kernel/call.ts'
import type { CollectionDefinition, StoredRecord } from '../../kernel/collection.ts'
import type { Reply } from '../../kernel/dialect.ts'
import { created, noContent, ok } from '../../kernel/reply.ts'
import type { Handler, Route } from '../../kernel/service.ts'
import { listDocument } from './documents.ts'
import { type FieldType, filtered, queried } from './filters.ts'
import { nameKey } from './records.ts'

/** A kind of resource of the directory: users, groups, roles, projects, domains. */
export interface DirectoryKind<T extends StoredRecord, I extends string = string> {
  /** Key of a response with one of them; `/<name>s/:<name>_id` is its path. */
  readonly name: string
  readonly collection: CollectionDefinition<T, I, never>
  readonly document: (call: Call, record: T) => object
  /** Fields of the document by which a query filters. */
  readonly fields: Readonly<Record<string, FieldType>>
}

/** Returns the record that the path names; refuses an id that does not exist. */
export const find = <T extends StoredRecord, I extends string>(call: Call, kind: DirectoryKind<T, I>): T => {
  const id = call.param(`${kind.name}_id`)
  const record = call.store.of(kind.collection).get(id)
  if (!record) throw notFound(`Could not find ${kind.name}: ${id}.`)
  return record
}

/** Answers with those of the records that the query selects. */
export const listed = <T extends StoredRecord, I extends string>(
  call: Call,
  kind: DirectoryKind<T, I>,
  records: readonly T[],
): Reply => {
  const documents = records.map((record) => kind.document(call, record))
  return ok(listDocument(call, `${kind.name}s`, filtered(call, documents, kind.fields)))
}

/** Records of the domain that the query names, and of its name if it names one; without a domain all. */
export const inQueriedDomain = <T extends StoredRecord>(
  call: Call,
  kind: DirectoryKind<T, 'name' | 'domain'>,
): readonly T[] => {
  const name = queried(call, 'name')
  const domain = queried(call, 'domain_id')
  const all = call.store.of(kind.collection)
  return all.where(name !== undefined && domain !== undefined ? { name: nameKey(domain, name) } : { domain })
}

/** Refuses a name that another user or group of the domain has. */
export const refuseDuplicate = <T extends StoredRecord>(
  call: Call,
  kind: DirectoryKind<T, 'name' | 'domain'>,
  domainId: string,
  name: string,
): void => {
  if (!call.store.of(kind.collection).find({ name: nameKey(domainId, name) })) return
  throw conflict(
    `Conflict occurred attempting to store ${kind.name} - Duplicate entry found with name ${name} at domain ID ${domainId}.`,
  )
}

interface Handlers<T> {
  readonly list: (call: Call) => Reply
  readonly create: (call: Call) => T
  readonly update: (call: Call) => T
  readonly remove: (call: Call) => void
  /** What others than administrators may see; without it they are refused. */
  readonly authorizeShow?: (call: Call) => void
  /** The object that the path names; the document of its record when left out. */
  readonly show?: (call: Call) => object
  /** The answer to a change, where it is another than the document. */
  readonly documentOfUpdate?: (call: Call, record: T) => object
  /** Requests that find an id missing before they find the role of the caller missing. */
  readonly findsFirst?: readonly ('show' | 'update' | 'delete')[]
}

/** Routes to list, create, show, update and delete a kind of resource. */
export const directoryRoutes = <T extends StoredRecord, I extends string>(
  kind: DirectoryKind<T, I>,
  handlers: Handlers<T>,
): readonly Route[] => {
  const { name } = kind
  const { authorizeShow, findsFirst = [] } = handlers
  const all = `/${name}s`
  const one = `${all}/:${name}_id`
  const show: Handler = (call) => {
    authorizeShow?.(call)
    return ok({ [name]: handlers.show?.(call) ?? kind.document(call, find(call, kind)) })
  }
  const admin = (policy: string) => ({ access: { admin: `identity:${policy}` } })
  const first = (verb: 'show' | 'update' | 'delete') =>
    findsFirst.includes(verb) ? { beforeRole: (call: Call) => void find(call, kind) } : {}
  return [
    { method: 'GET', path: all, operation: `${name}s.list`, ...admin(`list_${name}s`), handle: handlers.list },
    {
      method: 'POST',
      path: all,
      operation: `${name}s.create`,
      ...admin(`create_${name}`),
      handle: (call) => created({ [name]: kind.document(call, handlers.create(call)) }),
    },
    {
      method: 'GET',
      path: one,
      operation: `${name}s.show`,
      ...(authorizeShow ? {} : admin(`get_${name}`)),
      ...first('show'),
      handle: show,
    },
    {
      method: 'PATCH',
      path: one,
      operation: `${name}s.update`,
      ...admin(`update_${name}`),
      ...first('update'),
      handle: (call) => ok({ [name]: (handlers.documentOfUpdate ?? kind.document)(call, handlers.update(call)) }),
    },
    {
      method: 'DELETE',
      path: one,
      operation: `${name}s.delete`,
      ...admin(`delete_${name}`),
      ...first('delete'),
      handle: (call) => {
        handlers.remove(call)
        return noContent()
      },
    },
  ]
}
