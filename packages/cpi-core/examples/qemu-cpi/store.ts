import { randomBytes } from 'node:crypto'
import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '@openstack-cpi/cpi-core'

/** What there is, each in a folder of its own: `<root>/<kind>/<id>`. */
export type Kind = 'stemcell' | 'vm' | 'disk' | 'snapshot'

/** Something that a process was constructing or removing when it died. */
export interface Abandoned {
  readonly kind: Kind
  readonly id: string
}

/**
 * The CPI's only state: folders. Something that is being constructed or removed has a marker, a file that names the process
 * which does it. So nothing unfinished is ever visible, and what a killed process left is known.
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

  /** False for something unfinished, and for anything that is not an id, whatever path it may spell. */
  has(kind: Kind, id: string): boolean {
    return isId(id) && existsSync(this.path(kind, id)) && !this.#isMarked(id)
  }

  /** Constructs something out of sight. When that fails, the caller removes it. */
  async create(kind: Kind, id: string, construct: (folder: string) => Promise<void>): Promise<void> {
    await this.#mark(kind, id)
    await mkdir(this.path(kind, id), { recursive: true })
    await construct(this.path(kind, id))
    await rm(this.#marker(id))
  }

  /** Removes something in one step as others see it. What is gone already counts as removed. */
  async remove(kind: Kind, id: string): Promise<void> {
    if (!isId(id)) return
    await this.#mark(kind, id)
    await rm(this.path(kind, id), { recursive: true, force: true })
    await rm(this.#marker(id), { force: true })
  }

  async ids(kind: Kind): Promise<readonly string[]> {
    const ids = await readdir(join(this.#root, kind)).catch(emptyIfMissing)
    return ids.filter((id) => this.has(kind, id))
  }

  /** What processes that no longer exist have left unfinished. */
  async abandoned(): Promise<readonly Abandoned[]> {
    const found: Abandoned[] = []
    for (const id of await readdir(join(this.#root, 'unfinished')).catch(emptyIfMissing)) {
      const marker = await readlink(this.#marker(id)).catch(() => undefined) // another process may just have finished it
      const [kind, owner = ''] = marker?.split(' ') ?? []
      if (kind !== undefined && !isAlive(owner)) found.push({ kind: kind as Kind, id }) // written by #mark
    }
    return found
  }

  async readJson(path: string): Promise<JsonObject> {
    return JSON.parse(await readFile(path, 'utf8'))
  }

  /** Replaces the file in one step: a killed process leaves the old content or the new. */
  async writeJson(path: string, content: JsonObject): Promise<void> {
    await writeFile(`${path}.new`, JSON.stringify(content), { mode: 0o600 })
    await rename(`${path}.new`, path)
  }

  #isMarked(id: string): boolean {
    return lstatSync(this.#marker(id), { throwIfNoEntry: false }) !== undefined
  }

  /** A link that leads nowhere: unlike a file, it is there with its text or not at all. */
  #marker(id: string): string {
    return join(this.#root, 'unfinished', id)
  }

  async #mark(kind: Kind, id: string): Promise<void> {
    await mkdir(join(this.#root, 'unfinished'), { recursive: true })
    await symlink(`${kind} ${thisProcess}`, this.#marker(id)).catch(acceptIfExists)
  }
}

const isId = (id: string): boolean => /^[a-z]-[0-9a-f]{16}$/.test(id)

const emptyIfMissing = (error: unknown): readonly string[] => {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
  throw error
}

const acceptIfExists = (error: unknown): void => {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
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
