import { Bucket, type Entry } from './bucket.ts'

/** What every stored record has: an id that never changes. Records are JSON and are replaced, never changed in place. */
export interface StoredRecord {
  readonly id: string
}

type IndexValue = string | readonly string[] | null | undefined

/** Declares a kind of record: its name in the state, its indexes and its sums. Data only; made by `defineCollection`. */
export interface CollectionDefinition<T extends StoredRecord, I extends string = string, S extends string = string> {
  /** Name in `state`, snapshots and leftovers, such as `servers` or `load_balancers`; unique in the cloud. */
  readonly kind: string
  /** Look-ups that must not grow with the store. A list of values puts a record under each of them. */
  readonly indexes: Readonly<Record<I, (record: T) => IndexValue>>
  /** Totals kept up to date per group, for quotas: `{ cores: { by: r => r.project_id, of: r => r.vcpus } }`. */
  readonly sums: Readonly<Record<S, { readonly by: (record: T) => string; readonly of: (record: T) => number }>>
  /** Order of lists: `created` (insertion, the default) or a key of the record. */
  readonly order: (record: T) => number | string
  /** True for bookkeeping (tokens, transitions) that is no resource of the cloud: absent from state and leftovers. */
  readonly internal: boolean
}

/** A definition whose record type does not matter, for lists of them. */
export type AnyCollectionDefinition = Pick<CollectionDefinition<StoredRecord>, 'kind' | 'internal'>

/**
 * Declares a collection:
 * `export const servers = defineCollection<ServerRecord>()({ kind: 'servers', indexes: { name: (r) => r.name } })`.
 */
export const defineCollection =
  <T extends StoredRecord>() =>
  <I extends string = never, S extends string = never>(definition: {
    kind: string
    indexes?: Record<I, (record: T) => IndexValue>
    sums?: Record<S, { by: (record: T) => string; of: (record: T) => number }>
    order?: (record: T) => number | string
    internal?: boolean
  }): CollectionDefinition<T, I, S> => ({
    kind: definition.kind,
    indexes: definition.indexes ?? ({} as Record<I, never>), // no index declared: I is never, the object is empty
    sums: definition.sums ?? ({} as Record<S, never>), // likewise for sums
    order: definition.order ?? (() => 0),
    internal: definition.internal ?? false,
  })

/** What a collection needs from its store: insertion numbers and a place to note how to undo a change. */
export interface StoreHooks {
  nextSeq(): number
  noteUndo(undo: () => void): void
}

export type Where<I extends string> = Partial<Record<I, string | undefined>>

/** All records of one kind. */
export class Collection<T extends StoredRecord, I extends string = string, S extends string = string> {
  readonly definition: CollectionDefinition<T, I, S>
  readonly #hooks: StoreHooks
  readonly #byId = new Map<string, Entry<T>>()
  readonly #all = new Bucket<T>()
  readonly #indexes: { name: string; of: (record: T) => IndexValue; buckets: Map<string, Bucket<T>> }[]
  readonly #sums: { name: string; by: (r: T) => string; of: (r: T) => number; totals: Map<string, number> }[]

  constructor(definition: CollectionDefinition<T, I, S>, hooks: StoreHooks) {
    this.definition = definition
    this.#hooks = hooks
    const indexes = Object.entries<(record: T) => IndexValue>(definition.indexes)
    this.#indexes = indexes.map(([name, of]) => ({ name, of, buckets: new Map() }))
    const sums = Object.entries<{ by: (record: T) => string; of: (record: T) => number }>(definition.sums)
    this.#sums = sums.map(([name, { by, of }]) => ({ name, by, of, totals: new Map() }))
  }

  get size(): number {
    return this.#byId.size
  }

  get(id: string): T | undefined {
    return this.#byId.get(id)?.record
  }

  has(id: string): boolean {
    return this.#byId.has(id)
  }

  /** Adds a record; an id that exists is a mistake of the caller and throws. */
  insert(record: T): T {
    if (this.#byId.has(record.id)) throw new Error(`${this.definition.kind} ${record.id} exists already`)
    const entry = this.#add({ seq: this.#hooks.nextSeq(), key: this.definition.order(record), record })
    this.#hooks.noteUndo(() => this.#remove(entry))
    return record
  }

  /** Replaces fields of a record and answers the new one; a missing id throws. */
  update(id: string, changes: Partial<T> | ((record: T) => Partial<T>)): T {
    const entry = this.#byId.get(id)
    if (!entry) throw new Error(`${this.definition.kind} ${id} does not exist`)
    const before = entry.record
    const after = { ...before, ...(typeof changes === 'function' ? changes(before) : changes), id: before.id }
    this.#swap(before.id, after)
    this.#hooks.noteUndo(() => this.#swap(id, before))
    return after
  }

  /** Removes a record; answers it, or undefined when it was not there. */
  delete(id: string): T | undefined {
    const entry = this.#byId.get(id)
    if (!entry) return undefined
    this.#remove(entry)
    this.#hooks.noteUndo(() => this.#add(entry))
    return entry.record
  }

  /** All records in order. For lists of a project use `where`, which does not grow with the store. */
  all(): T[] {
    return this.#all.toArray()
  }

  first(): T | undefined {
    return this.#all.first()
  }

  /** Records whose indexes have all the given values; undefined values do not filter. */
  where(filter: Where<I>): T[] {
    const [only, ...others] = Object.entries<string | undefined>(filter)
    // By far the most frequent look-up, done thousands of times for one large page.
    if (only?.[1] !== undefined && others.length === 0) {
      return this.#index(only[0]).buckets.get(only[1])?.toArray() ?? []
    }
    return [...this.walk(filter)]
  }

  /** The first record that matches, if any. */
  find(filter: Where<I>): T | undefined {
    for (const record of this.walk(filter)) return record
    return undefined
  }

  /** Number of records under one value of an index. */
  count(index: I, value: string): number {
    return this.#index(index).buckets.get(value)?.size ?? 0
  }

  /** A declared total of a group, such as the cores of a project. */
  sum(name: S, group: string): number {
    return this.#sums.find((sum) => sum.name === name)?.totals.get(group) ?? 0
  }

  /**
   * Walks the matching records in order, lazily, through the smallest bucket among the given indexes. `afterId` starts
   * behind that record.
   */
  *walk(filter: Where<I> = {}, options: { afterId?: string | undefined; reverse?: boolean } = {}): Generator<T> {
    const wanted: { of: (record: T) => IndexValue; value: string; bucket: Bucket<T> | undefined }[] = []
    for (const [name, value] of Object.entries<string | undefined>(filter)) {
      if (value === undefined) continue
      const index = this.#index(name)
      wanted.push({ of: index.of, value, bucket: index.buckets.get(value) })
    }
    if (wanted.some((one) => one.bucket === undefined)) return
    wanted.sort((a, b) => (a.bucket?.size ?? 0) - (b.bucket?.size ?? 0))
    const [narrowest, ...others] = wanted
    const after = options.afterId === undefined ? undefined : this.#byId.get(options.afterId)
    for (const record of (narrowest?.bucket ?? this.#all).walk({ after, reverse: options.reverse })) {
      if (others.every((one) => valuesOf(one.of(record)).includes(one.value))) yield record
    }
  }

  /** Entries in order, for snapshots. */
  entries(): readonly Entry<T>[] {
    return this.#all.entries()
  }

  /** Replaces everything by these records, for restore. */
  load(entries: readonly { seq: number; record: T }[]): void {
    this.#byId.clear()
    this.#all.clear()
    for (const index of this.#indexes) index.buckets.clear()
    for (const sum of this.#sums) sum.totals.clear()
    for (const { seq, record } of entries) this.#add({ seq, key: this.definition.order(record), record })
  }

  #index(name: string) {
    const index = this.#indexes.find((one) => one.name === name)
    if (!index) throw new Error(`${this.definition.kind} has no index ${name}`)
    return index
  }

  #swap(id: string, record: T): void {
    const old = this.#byId.get(id)
    if (!old) return
    const key = this.definition.order(record)
    if (key !== old.key) {
      this.#remove(old)
      this.#add({ seq: old.seq, key, record })
      return
    }
    const before = old.record
    for (const index of this.#indexes) {
      const was = valuesOf(index.of(before))
      const is = valuesOf(index.of(record))
      if (was.length === is.length && was.every((value, i) => value === is[i])) continue
      for (const value of was) dropFrom(index.buckets, value, old)
      for (const value of is) bucketFor(index.buckets, value).add(old)
    }
    for (const sum of this.#sums) {
      bump(sum.totals, sum.by(before), -sum.of(before))
      bump(sum.totals, sum.by(record), sum.of(record))
    }
    old.record = record
  }

  #add(entry: Entry<T>): Entry<T> {
    this.#byId.set(entry.record.id, entry)
    this.#all.add(entry)
    for (const index of this.#indexes) {
      for (const value of valuesOf(index.of(entry.record))) bucketFor(index.buckets, value).add(entry)
    }
    for (const sum of this.#sums) bump(sum.totals, sum.by(entry.record), sum.of(entry.record))
    return entry
  }

  #remove(entry: Entry<T>): void {
    this.#byId.delete(entry.record.id)
    this.#all.remove(entry)
    for (const index of this.#indexes) {
      for (const value of valuesOf(index.of(entry.record))) dropFrom(index.buckets, value, entry)
    }
    for (const sum of this.#sums) bump(sum.totals, sum.by(entry.record), -sum.of(entry.record))
  }
}

const valuesOf = (value: IndexValue): readonly string[] => {
  if (value === undefined || value === null) return []
  return typeof value === 'string' ? [value] : [...new Set(value)]
}

const bucketFor = <T>(buckets: Map<string, Bucket<T>>, value: string): Bucket<T> => {
  const known = buckets.get(value)
  if (known) return known
  const bucket = new Bucket<T>()
  buckets.set(value, bucket)
  return bucket
}

const dropFrom = <T>(buckets: Map<string, Bucket<T>>, value: string, entry: Entry<T>): void => {
  const bucket = buckets.get(value)
  bucket?.remove(entry)
  if (bucket?.size === 0) buckets.delete(value)
}

const bump = (totals: Map<string, number>, group: string, by: number): void => {
  const total = (totals.get(group) ?? 0) + by
  if (total === 0) totals.delete(group)
  else totals.set(group, total)
}
