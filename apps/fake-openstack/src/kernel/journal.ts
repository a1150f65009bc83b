/** One API request, as the cloud saw it. */
export interface JournalEntry {
  /** Number of the request, from 1. */
  n: number
  /** ISO time of the cloud's clock. */
  time: string
  service: string
  /** `<collection>.<verb>`; `not modelled` for what the fake does not know. */
  operation: string
  method: string
  path: string
  query: Record<string, string>
  /** HTTP status; 0 when the connection was cut instead of an answer. */
  status: number
  durationMs: number
  requestId: string
  projectId: string | null
  microversion: string | null
  request: unknown
  response: unknown
  /** Fields of the request's JSON body that no schema read. */
  unread: string[]
  /** Ids of the fault rules that changed this request. */
  faults: string[]
}

/** Every API request, newest last; old ones are dropped when there are too many. */
export class Journal {
  readonly #capacity: number
  #entries: JournalEntry[] = []
  #count = 0

  constructor(capacity = 10_000) {
    this.#capacity = capacity
  }

  /** Number of requests since the last reset. */
  get count(): number {
    return this.#count
  }

  add(entry: Omit<JournalEntry, 'n'>): JournalEntry {
    this.#count += 1
    const numbered = { n: this.#count, ...entry }
    this.#entries.push(numbered)
    if (this.#entries.length > this.#capacity * 1.25) this.#entries = this.#entries.slice(-this.#capacity)
    return numbered
  }

  /** Entries after number `since`. */
  since(since = 0): readonly JournalEntry[] {
    return since === 0 ? [...this.#entries] : this.#entries.filter((entry) => entry.n > since)
  }

  /** Entries of one operation, such as `servers.create`. */
  of(operation: string, service?: string): readonly JournalEntry[] {
    return this.#entries.filter(
      (entry) => entry.operation === operation && (service === undefined || entry.service === service),
    )
  }

  clear(): void {
    this.#entries = []
    this.#count = 0
  }

  /** One line per request, for a failing test's message. */
  toString(): string {
    return this.#entries
      .map(
        (e) =>
          `${e.n} ${e.service} ${e.operation}: ${e.method} ${e.path} -> ${e.status || 'connection cut'} ${e.requestId}`,
      )
      .join('\n')
  }
}
