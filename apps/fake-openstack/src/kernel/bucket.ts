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

/**
 * Entries kept in order (order key, then insertion), so that a page after a marker is found by binary search and the
 * cost of a page grows with the page.
 */
export class Bucket<T> {
  readonly #entries: Entry<T>[] = []

  get size(): number {
    return this.#entries.length
  }

  add(entry: Entry<T>): void {
    const last = this.#entries.at(-1)
    if (!last || compare(last, entry) < 0) this.#entries.push(entry)
    else this.#entries.splice(this.#position(entry), 0, entry)
  }

  remove(entry: Entry<T>): void {
    const position = this.#position(entry)
    if (this.#entries[position] === entry) this.#entries.splice(position, 1)
  }

  first(): T | undefined {
    return this.#entries[0]?.record
  }

  /** Records in order, or in reverse, starting behind `after` when it is given. */
  *walk(options: { after?: Entry<T> | undefined; reverse?: boolean | undefined } = {}): Generator<T> {
    const { after, reverse } = options
    if (reverse) {
      for (let i = after ? this.#position(after) - 1 : this.#entries.length - 1; i >= 0; i -= 1) {
        const entry = this.#entries[i]
        if (entry) yield entry.record
      }
      return
    }
    let start = after ? this.#position(after) : 0
    if (after && this.#entries[start] === after) start += 1
    for (let i = start; i < this.#entries.length; i += 1) {
      const entry = this.#entries[i]
      if (entry) yield entry.record
    }
  }

  toArray(): T[] {
    return this.#entries.map((entry) => entry.record)
  }

  entries(): readonly Entry<T>[] {
    return this.#entries
  }

  /** Index of the first entry that does not come before the given one. */
  #position(entry: Entry<unknown>): number {
    let low = 0
    let high = this.#entries.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const probe = this.#entries[middle]
      if (probe && compare(probe, entry) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
}
