import { type AnyCollectionDefinition, Collection, type CollectionDefinition, type StoredRecord } from './collection.ts'

/** The store's content as plain JSON: kind -> records in order. */
export type StoreContent = Record<string, StoredRecord[]>

interface Checkpoint {
  seq: number
  kinds: Map<string, { seq: number; record: StoredRecord }[]>
}

/**
 * The one store of the cloud. Services reach their own and each other's records through `of(definition)`; the store
 * knows nothing of HTTP and of time.
 */
export class Store {
  #seq = 0
  #version = 0
  #undo: (() => void)[] | undefined
  #onFirstUse: (() => void) | undefined
  readonly #collections = new Map<string, Collection<StoredRecord>>()

  /** Puts off filling the store until its first use. */
  fillOnFirstUse(fill: () => void): void {
    this.#onFirstUse = fill
  }

  /** Fills the store if that was put off. Everything that looks into the store does so by itself. */
  open(): void {
    const fill = this.#onFirstUse
    this.#onFirstUse = undefined
    fill?.()
  }

  /** A number that is another one after each change of a resource. */
  get version(): number {
    this.open()
    return this.#version
  }

  /** The collection of a definition, made when first asked for. */
  of<T extends StoredRecord, I extends string, S extends string>(
    definition: CollectionDefinition<T, I, S>,
  ): Collection<T, I, S> {
    this.open()
    let known = this.#collections.get(definition.kind)
    if (!known) {
      const hooks = {
        nextSeq: () => {
          this.#seq += 1
          return this.#seq
        },
        noteUndo: (undo: () => void) => {
          if (!definition.internal) this.#version += 1
          this.#undo?.push(undo)
        },
      }
      // The map forgets the record type; the cast below gives back what the definition put in.
      known = new Collection(definition, hooks) as unknown as Collection<StoredRecord>
      this.#collections.set(definition.kind, known)
    }
    return known as unknown as Collection<T, I, S>
  }

  /** Makes the collection of a definition known, so that snapshots can be restored into it. */
  declare(definition: AnyCollectionDefinition): void {
    this.of(definition as CollectionDefinition<StoredRecord>) // every definition is one of some record type
  }

  /** Runs `work` as one change: when it throws, everything it stored is taken back. */
  atomically<R>(work: () => R): R {
    this.open()
    if (this.#undo) return work()
    const undo: (() => void)[] = []
    this.#undo = undo
    try {
      return work()
    } catch (error) {
      this.#undo = undefined
      if (undo.length > 0) this.#version += 1
      for (const step of undo.reverse()) step()
      throw error
    } finally {
      this.#undo = undefined
    }
  }

  /** All resources by kind, in order, without bookkeeping. Records are shared: read only. */
  content(options: { internal?: boolean } = {}): StoreContent {
    this.open()
    const content: StoreContent = {}
    for (const [kind, collection] of this.#collections) {
      if (collection.definition.internal && !options.internal) continue
      content[kind] = collection.all()
    }
    return content
  }

  /** Remembers the present content; records are immutable, so this copies references only. */
  checkpoint(): Checkpoint {
    this.open()
    const kinds = new Map<string, { seq: number; record: StoredRecord }[]>()
    for (const [kind, collection] of this.#collections) {
      kinds.set(
        kind,
        collection.entries().map(({ seq, record }) => ({ seq, record })),
      )
    }
    return { seq: this.#seq, kinds }
  }

  /** Goes back to a checkpoint. */
  revert(checkpoint: Checkpoint): void {
    this.open()
    this.#version += 1
    this.#seq = checkpoint.seq
    for (const [kind, collection] of this.#collections) collection.load(checkpoint.kinds.get(kind) ?? [])
  }

  /** Replaces everything by this content; what cannot be taken up is named, and then nothing is changed. */
  load(content: StoreContent): void {
    this.open()
    const unknown = Object.keys(content).filter((kind) => !this.#collections.has(kind))
    if (unknown.length > 0) throw new Error(`unknown kinds in the snapshot: ${unknown.join(', ')}`)
    const before = this.checkpoint()
    this.#version += 1
    try {
      for (const [kind, collection] of this.#collections) {
        collection.load([])
        for (const record of content[kind] ?? []) this.#take(collection, record)
      }
    } catch (error) {
      this.revert(before)
      throw error
    }
  }

  /** Inserts a record of a snapshot: a wrong one fails in the keys and sums that are made of it. */
  #take(collection: Collection<StoredRecord>, record: StoredRecord): void {
    try {
      collection.insert(record)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new Error(`${collection.definition.kind} ${record.id} cannot be taken up: ${why}`, { cause: error })
    }
  }

  /** Resources that the checkpoint does not have, by kind; kinds without any are left out. */
  beyond(checkpoint: Checkpoint): StoreContent {
    this.open()
    const more: StoreContent = {}
    for (const [kind, collection] of this.#collections) {
      if (collection.definition.internal) continue
      const seeded = new Set(checkpoint.kinds.get(kind)?.map(({ record }) => record.id))
      const left = collection.all().filter((record) => !seeded.has(record.id))
      if (left.length > 0) more[kind] = left
    }
    return more
  }
}

export type { Checkpoint }
