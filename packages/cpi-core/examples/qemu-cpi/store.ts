import { randomInt } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'
import { isProcessRunning, processIdentity } from '@openstack-cpi/cpi-core/node'

const kinds = ['stemcell', 'vm', 'disk', 'snapshot'] as const

/** What there is. */
export type Kind = (typeof kinds)[number]

/** What is known of an object besides the files in its folder. */
export interface Entry {
  readonly metadata: JsonObject
  /** Of a disk: the VM that has it; null after it was detached. */
  readonly vm?: string | null
}

/**
 * The CPI's only state: a folder for each object, `<root>/<kind>/<id>`. An object exists when its entry is there, which is
 * written when the caller has the answer, and removed first. Its id names the process that made it: so what a killed
 * process left is known.
 */
export class Store {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** At most 20 characters, so that virtio-blk keeps an id whole as a disk's serial. */
  newId(kind: Kind): string {
    return `${kind[0]}-${processIdentity()}-${randomInt(36 ** 3, 36 ** 4).toString(36)}`
  }

  path(kind: Kind, id: string, ...rest: string[]): string {
    return join(this.#root, kind, id, ...rest)
  }

  /** Undefined for what does not exist, and for anything that is no id. Throws when that cannot be told. */
  async read(kind: Kind, id: string): Promise<Entry | undefined> {
    if (!isId(id)) return undefined
    const text = await unless('ENOENT', () => readFile(this.path(kind, id, 'entry.json'), 'utf8'))
    return text === undefined ? undefined : JSON.parse(text)
  }

  /** Replaces the entry in one step: a killed process leaves the old one or the new. */
  async write(kind: Kind, id: string, entry: Entry): Promise<void> {
    const path = this.path(kind, id, 'entry.json')
    await writeFile(`${path}.new`, JSON.stringify(entry), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  /** What is gone already counts as removed. */
  async remove(kind: Kind, id: string): Promise<void> {
    await rm(this.path(kind, id, 'entry.json'), { force: true })
    await rm(this.path(kind, id), { recursive: true, force: true })
  }

  async disksOf(vm: string): Promise<readonly string[]> {
    const disks = await this.#idsOf('disk')
    const entries = await Promise.all(disks.map((disk) => this.read('disk', disk)))
    return disks.filter((_, index) => entries[index]?.vm === vm)
  }

  /** What processes that no longer run began to construct or to remove. */
  async *abandoned(): AsyncGenerator<{ readonly kind: Kind; readonly id: string }> {
    for (const kind of kinds) {
      for (const id of await this.#idsOf(kind)) {
        const maker = idPattern.exec(id)?.[1] ?? ''
        if (!isProcessRunning(maker) && (await this.read(kind, id)) === undefined) yield { kind, id }
      }
    }
  }

  async #idsOf(kind: Kind): Promise<readonly string[]> {
    return (await unless('ENOENT', () => readdir(join(this.#root, kind)))) ?? []
  }
}

/** Undefined where the work fails with this code of the system or such a message; any other failure is thrown. */
export async function unless<R>(failure: string | RegExp, work: () => Promise<R> | R): Promise<R | undefined> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (typeof failure === 'string' ? code === failure : failure.test(message)) return undefined
    throw error
  }
}

export const isId = (id: string): boolean => idPattern.test(id)

const idPattern = /^[a-z]-([0-9a-z]+-[0-9a-z]+)-[0-9a-z]{4}$/
