import type { Json } from '../model/json.ts'

type Call = (method: string, values: readonly Json[]) => Promise<Json>

/** How something that a call created is removed; in the order of removal. */
const kinds = [
  { create: 'attach_disk', remove: 'detach_disk' },
  { create: 'snapshot_disk', remove: 'delete_snapshot' },
  { create: 'create_vm', remove: 'delete_vm' },
  { create: 'create_disk', remove: 'delete_disk' },
  { create: 'create_network', remove: 'delete_network' },
  { create: 'create_stemcell', remove: 'delete_stemcell' },
] as const

type Kind = (typeof kinds)[number]

interface Entry {
  readonly kind: Kind
  readonly values: readonly Json[]
}

/** What the calls of a test created and have not removed yet. */
export class CreatedObjects {
  readonly #entries = new Map<string, Entry>()

  /** Learns from a call that succeeded. */
  record(method: string, values: readonly Json[], result: Json): void {
    for (const kind of kinds) {
      if (method === kind.create)
        this.#add(kind, kind.create === 'attach_disk' ? values.slice(0, 2) : [firstOf(result)])
      if (method === kind.remove)
        this.#entries.delete(keyOf(kind, values.slice(0, kind.remove === 'detach_disk' ? 2 : 1)))
    }
    if (method === 'delete_vm') this.#forgetAttachments(values[0])
    const replaced = kinds.find(({ create }) => create === 'create_disk')
    if (method === 'update_disk' && typeof result === 'string' && replaced !== undefined) {
      this.#entries.delete(keyOf(replaced, values.slice(0, 1)))
      this.#add(replaced, [result])
    }
  }

  /** Removes everything. Rejects with the first failure. */
  async remove(call: Call): Promise<void> {
    for (const { kind, values } of this.#inOrder()) {
      await call(kind.remove, values)
      this.record(kind.remove, values, null)
    }
  }

  /** Removes what can be removed: what led here is reported already, and matters more than what stays. */
  async removeWhatGoes(call: Call): Promise<void> {
    for (const { kind, values } of this.#inOrder()) {
      await call(kind.remove, values).then(
        () => this.record(kind.remove, values, null),
        () => undefined,
      )
    }
  }

  #add(kind: Kind, values: readonly Json[]): void {
    this.#entries.set(keyOf(kind, values), { kind, values })
  }

  #forgetAttachments(vm: Json | undefined): void {
    for (const [key, { kind, values }] of this.#entries) {
      if (kind.create === 'attach_disk' && values[0] === vm) this.#entries.delete(key)
    }
  }

  #inOrder(): readonly Entry[] {
    return kinds.flatMap((kind) => [...this.#entries.values()].filter((entry) => entry.kind === kind))
  }
}

const keyOf = ({ create }: Kind, values: readonly Json[]): string => `${create} ${JSON.stringify(values)}`

const firstOf = (result: Json): Json => (Array.isArray(result) ? (result[0] ?? null) : result)
