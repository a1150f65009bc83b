/** The query of a request that remembers which of its keys were read. */
export class TrackedQuery extends URLSearchParams {
  readonly #read = new Set<string>()
  #isListed = false

  /** Keys that no handler asked for; none when a handler looked at all of them. */
  get unread(): string[] {
    return this.#isListed ? [] : [...new Set(super.keys())].filter((key) => !this.#read.has(key))
  }

  /** All keys, without counting them as read. */
  get names(): string[] {
    return [...new Set(super.keys())]
  }

  /** The values of a key, without counting it as read. */
  valuesOf(name: string): string[] {
    return super.getAll(name)
  }

  override get(name: string): string | null {
    this.#read.add(name)
    return super.get(name)
  }

  override getAll(name: string): string[] {
    this.#read.add(name)
    return super.getAll(name)
  }

  override has(name: string): boolean {
    this.#read.add(name)
    return super.has(name)
  }

  override keys() {
    this.#isListed = true
    return super.keys()
  }

  override entries() {
    this.#isListed = true
    return super.entries()
  }

  override [Symbol.iterator]() {
    this.#isListed = true
    return super[Symbol.iterator]()
  }
}
