import type { Call } from '../../kernel/call.ts'
import { byKeys } from '../../kernel/pagination.ts'
import type { Attributes, Body } from './attribute.ts'
import { readSortKeys } from './list.ts'

type View = Readonly<Record<string, unknown>> & { readonly id: string }

/** What the fake makes and keeps of a collection of an extension. */
export interface StoredObjects {
  /** What the caller may see, in the order of their ids. */
  readonly all: (call: Call) => readonly View[]
  /** What answers show of an object, if the caller may see it. */
  readonly find: (call: Call, id: string) => View | undefined
  readonly create: (call: Call, body: Body) => View
  readonly update: (call: Call, id: string, body: Body) => View
  readonly remove: (call: Call, id: string) => void
}

/** The objects that the filters leave, in the order that the query asks for. */
export const selected = (
  call: Call,
  objects: StoredObjects,
  filters: ReadonlyMap<string, readonly string[]>,
  attributes: Attributes,
): readonly View[] => {
  const matching = objects
    .all(call)
    .filter((view) => [...filters].every(([key, values]) => values.includes(String(view[key]))))
  const { keys, directions } = readSortKeys(call, attributes)
  if (keys.length === 0) return matching
  const order = byKeys<View>(keys.map((key, i) => ({ of: (view) => view[key], descending: directions[i] === 'desc' })))
  return [...matching].sort(order)
}
