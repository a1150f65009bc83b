import type { CallResult, Ending } from './crashing-director.ts'

/** The CIDs that a director was given and that were not reported as deleted since, and how its calls ended. */
export class ExpectedState {
  readonly vms = new Set<string>()
  readonly disks = new Set<string>()
  readonly snapshots = new Set<string>()
  readonly #endings = new Map<string, Map<Ending, number>>()
  readonly #errors = new Map<string, number>()

  /** Everything that it knows, as `kind id` of a project's inventory. */
  owned(): readonly string[] {
    const kinds = { servers: this.vms, volumes: this.disks, snapshots: this.snapshots }
    return Object.entries(kinds).flatMap(([kind, cids]) => [...cids].map((cid) => `${kind} ${cid}`))
  }

  /** Adds disks and snapshots, as `owned` returns them. */
  adopt(keys: readonly string[]): void {
    for (const key of keys) {
      const [kind, cid = ''] = key.split(' ')
      if (kind === 'volumes') this.disks.add(cid)
      else if (kind === 'snapshots') this.snapshots.add(cid)
      else throw new Error(`unexpected kind: ${key}`)
    }
  }

  /** Counts how a call ended; returns the call. */
  count(method: string, call: CallResult): CallResult {
    const row = this.#endings.get(method) ?? new Map<Ending, number>()
    row.set(call.ending, (row.get(call.ending) ?? 0) + 1)
    this.#endings.set(method, row)
    if (call.ending === 'error') {
      const key = `${method}: ${call.error?.type}: ${call.error?.message.slice(0, 160)}`
      this.#errors.set(key, (this.#errors.get(key) ?? 0) + 1)
    }
    return call
  }

  /** The errors of all calls, the most frequent first. */
  errors(): readonly string[] {
    return [...this.#errors].sort(([, a], [, b]) => b - a).map(([text, times]) => `${times} x ${text}`)
  }

  table(): string {
    const endings: readonly Ending[] = ['success', 'error', 'killed', 'terminated']
    const rows = [...this.#endings].map(([method, row]) => [method, ...endings.map((one) => String(row.get(one) ?? 0))])
    const all = [['calls', ...endings], ...rows]
    const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? []
    return all.map((row) => row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')).join('\n')
  }
}
