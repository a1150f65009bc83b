import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'

/** What there is, each in a folder of its own: `<root>/<kind>/<id>`. */
export type Kind = 'stemcell' | 'vm' | 'disk' | 'snapshot'

/**
 * The CPI's only state: folders. Something under construction is in `staging`, under the name of the process that
 * constructs it, and is renamed to its place when it is complete. So nothing unfinished is ever visible, and what a killed
 * process left is known by its name.
 */
export class Store {
  readonly #root: string

  constructor(root: string) {
    this.#root = root
  }

  /** At most 20 characters, so that virtio-blk keeps an id whole as a disk's serial. */
  newId(kind: Kind): string {
    return `${kind[0]}-${randomBytes(8).toString('hex')}`
  }

  path(kind: Kind, id: string, ...rest: string[]): string {
    return join(this.#root, kind, id, ...rest)
  }

  stagingPath(id: string): string {
    return join(this.#root, 'staging', `${thisProcess}.${id}`)
  }

  /** False for anything that is not an id, whatever path it may spell. */
  has(kind: Kind, id: string): boolean {
    return /^[a-z]-[0-9a-f]{16}$/.test(id) && existsSync(this.path(kind, id))
  }

  /** Constructs something out of sight, then moves it to its place. The caller registers the removal of what fails. */
  async create(kind: Kind, id: string, construct: (folder: string) => Promise<void>): Promise<void> {
    const staging = this.stagingPath(id)
    await mkdir(staging, { recursive: true })
    await construct(staging)
    await mkdir(join(this.#root, kind), { recursive: true })
    await rename(staging, this.path(kind, id))
  }

  /** Removes something in one step as others see it. What is gone already counts as removed. */
  async remove(kind: Kind, id: string): Promise<void> {
    const staging = this.stagingPath(id)
    if (this.has(kind, id)) {
      await mkdir(join(this.#root, 'staging'), { recursive: true })
      await rename(this.path(kind, id), staging)
    }
    await rm(staging, { recursive: true, force: true })
  }

  async ids(kind: Kind): Promise<readonly string[]> {
    return await readdir(join(this.#root, kind)).catch(emptyIfMissing)
  }

  async readJson(path: string): Promise<JsonObject> {
    return JSON.parse(await readFile(path, 'utf8'))
  }

  /** Replaces the file in one step: a killed process leaves the old content or the new. */
  async writeJson(path: string, content: JsonObject): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(content), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  /** Ids under construction by processes that no longer exist, and where. */
  async abandoned(): Promise<readonly { readonly id: string; readonly folder: string }[]> {
    const names: readonly string[] = await readdir(join(this.#root, 'staging')).catch(emptyIfMissing)
    return names.flatMap((name) => {
      const [owner = '', id = ''] = name.split('.')
      return isAlive(owner) ? [] : [{ id, folder: join(this.#root, 'staging', name) }]
    })
  }
}

const emptyIfMissing = (error: unknown): readonly string[] => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

/** A process id alone is used again after a while; together with the start time it is not. */
const identityOf = (pid: number): string => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return `${pid}-${fields[19]}`
}

const isAlive = (identity: string): boolean => {
  try {
    return identityOf(Number.parseInt(identity, 10)) === identity
  } catch {
    return false // no such process
  }
}

const thisProcess = identityOf(process.pid)
