import { textTable } from '@openstack-cpi/harness/text-table'
import type { Leftover } from '../cpi-process.ts'
import type { CallResult, Ending } from './crashing-director.ts'

/** What `leftovers` lists, as `kind id` of a project's inventory. */
export const inventoryKeys = (leftovers: readonly Leftover[]): readonly string[] =>
  leftovers.map(({ kind, id }) => `${kind.replace(' ', '_')}s ${id}`).sort()

/** The CIDs that a director was given and that were not reported as deleted since, and how its calls ended. */
export class ExpectedState {
  readonly vms = new Set<string>()
  readonly disks = new Set<string>()
  readonly snapshots = new Set<string>()
  readonly #calls: (CallResult & { readonly method: string })[] = []

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
    this.#calls.push({ ...call, method })
    return call
  }

  /** The errors of all calls, the most frequent first. */
  errors(): readonly string[] {
    const texts = this.#calls
      .filter(({ ending }) => ending === 'error')
      .map(({ method, error }) => `${method}: ${error?.type}: ${error?.message.slice(0, 160)}`)
    const groups = [...Map.groupBy(texts, (text) => text)].sort(([, a], [, b]) => b.length - a.length)
    return groups.map(([text, same]) => `${same.length} x ${text}`)
  }

  table(): string {
    const endings: readonly Ending[] = ['success', 'error', 'killed', 'terminated']
    const rows = [...Map.groupBy(this.#calls, ({ method }) => method)].map(([method, calls]) => [
      method,
      ...endings.map((ending) => String(calls.filter((call) => call.ending === ending).length)),
    ])
    return textTable([['calls', ...endings], ...rows])
  }
}
