/** One stored record with its place in the order of its collection. */
export interface Entry<T> {
  /** Insertion number, unique and growing over the whole store. */
  readonly seq: number
  readonly key: number | string
  record: T
}

const compare = (a: Entry<unknown>, b: Entry<unknown>): number => {
  if (a.key < b.key) return -1
  if (a.key > b.key) return 1
  return a.seq - b.seq
}

/** A chunk with more entries than this is split: entries behind an added or removed one are moved within their chunk. */
const mostInChunk = 1024

/** Index of the first entry that does not come before the given one, by the entry at each index. */
const positionIn = (
  count: number,
  at: (index: number) => Entry<unknown> | undefined,
  entry: Entry<unknown>,
): number => {
  let low = 0
  let high = count
  while (low < high) {
    const middle = (low + high) >>> 1
    const probe = at(middle)
    if (probe && compare(probe, entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Where an entry is or would be: in which chunk, and at which index in it. */
interface Place {
  chunk: number
  index: number
}

/**
 * Entries kept in order (order key, then insertion), so that a page after a marker is found by binary search. The cost of
 * a page grows with the page, and that of adding and removing hardly with the number of entries.
 */
export class Bucket<T> {
  /** None is empty. */
  readonly #chunks: Entry<T>[][] = []
  #size = 0

  get size(): number {
    return this.#size
  }

  add(entry: Entry<T>): void {
    this.#size += 1
    const last = this.#chunks.at(-1)
    const end = last?.at(-1)
    if (!last || !end) {
      this.#chunks.push([entry])
      return
    }
    // By far the most entries come in order.
    if (compare(end, entry) < 0) {
      if (last.length < mostInChunk) last.push(entry)
      else this.#chunks.push([entry])
      return
    }
    const place = this.#place(entry)
    const chunk = this.#chunks[place.chunk]
    if (!chunk) return
    chunk.splice(place.index, 0, entry)
    if (chunk.length > mostInChunk) this.#chunks.splice(place.chunk + 1, 0, chunk.splice(mostInChunk / 2))
  }

  remove(entry: Entry<T>): void {
    const place = this.#place(entry)
    const chunk = this.#chunks[place.chunk]
    if (chunk?.[place.index] !== entry) return
    chunk.splice(place.index, 1)
    if (chunk.length === 0) this.#chunks.splice(place.chunk, 1)
    this.#size -= 1
  }

  clear(): void {
    this.#chunks.length = 0
    this.#size = 0
  }

  first(): T | undefined {
    return this.#chunks[0]?.[0]?.record
  }

  /** Records in order, or in reverse, starting behind `after` when it is given. */
  *walk(options: { after?: Entry<T> | undefined; reverse?: boolean | undefined } = {}): Generator<T> {
    const { after, reverse } = options
    if (reverse) {
      const end = after ? this.#place(after) : { chunk: this.#chunks.length, index: 0 }
      for (let c = end.chunk; c >= 0; c -= 1) {
        const chunk = this.#chunks[c] ?? []
        for (let i = (c === end.chunk ? end.index : chunk.length) - 1; i >= 0; i -= 1) {
          const entry = chunk[i]
          if (entry) yield entry.record
        }
      }
      return
    }
    const start = after ? this.#place(after) : { chunk: 0, index: 0 }
    if (after && this.#chunks[start.chunk]?.[start.index] === after) start.index += 1
    for (let c = start.chunk; c < this.#chunks.length; c += 1) {
      const chunk = this.#chunks[c] ?? []
      for (let i = c === start.chunk ? start.index : 0; i < chunk.length; i += 1) {
        const entry = chunk[i]
        if (entry) yield entry.record
      }
    }
  }

  toArray(): T[] {
    const [only, ...others] = this.#chunks
    if (only && others.length === 0) return only.map((entry) => entry.record)
    return this.#chunks.flatMap((chunk) => chunk.map((entry) => entry.record))
  }

  entries(): readonly Entry<T>[] {
    return this.#chunks.flat()
  }

  /** The chunk whose last entry does not come before the given one, and the index in it. */
  #place(entry: Entry<unknown>): Place {
    const chunk = positionIn(this.#chunks.length, (index) => this.#chunks[index]?.at(-1), entry)
    const entries = this.#chunks[chunk] ?? []
    return { chunk, index: positionIn(entries.length, (index) => entries[index], entry) }
  }
}
