import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { CpiError, type Logger } from '@openstack-cpi/cpi-core'
import {
  type TakeBack,
  type Unanswered,
  type UnansweredKind,
  type UnansweredRecords,
  unansweredKey,
} from '@openstack-cpi/openstack-driver'
import { hasCode, openPrivateFolder, requirePrivateFolder } from '../process/private-folder.ts'
import { recordsVariable } from './records-variable.ts'

/** What an id of OpenStack is made of; the names of files are. */
const plainId = /^[\w-]{1,200}$/u

const kinds: ReadonlySet<string> = new Set<UnansweredKind>(['volume', 'snapshot', 'image', 'network'])
const isKind = (text: string): text is UnansweredKind => kinds.has(text)

/**
 * Records of what calls have finished without having answered yet, one empty file each, named `<kind>-<id>`, in a folder
 * of this user's own (ADR 7). A call whose record cannot be written goes on without; `leftovers` reads them.
 */
export class UnansweredFolder implements UnansweredRecords {
  readonly #folder: string
  readonly #uid: number
  readonly #log: Logger

  constructor(folder: string, uid: number, log: Logger) {
    this.#folder = folder
    this.#uid = uid
    this.#log = log
  }

  async add(thing: Unanswered): Promise<TakeBack> {
    const path = this.#pathOf(thing)
    try {
      if (!plainId.test(thing.id)) throw new Error('its id is no name of a file')
      openPrivateFolder(this.#folder, this.#uid)
      closeSync(openSync(path, 'w', 0o600))
    } catch (error) {
      this.#log.warn(`Not recording that nobody knows of ${unansweredKey(thing)} yet: ${reason(error)}`)
      return async () => undefined
    }
    return async () => {
      try {
        rmSync(path)
        this.#sync()
      } catch (cause) {
        const message = `The record that nobody knows of ${unansweredKey(thing)} cannot be removed: ${reason(cause)}`
        throw new CpiError('CloudError', message, { cause })
      }
    }
  }

  /** When each was recorded, ms since the epoch, by `unansweredKey`. Throws `NotPrivate` if others could have written. */
  read(): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    let names: readonly string[]
    try {
      // Root looks for what the user who runs the CPI has recorded.
      const owner = this.#uid === 0 ? lstatSync(this.#folder).uid : this.#uid
      requirePrivateFolder(this.#folder, owner)
      names = readdirSync(this.#folder)
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return found // no call has ever recorded anything
      throw error
    }
    for (const name of names) {
      const [, kind = '', id = ''] = /^([a-z]+)-(.+)$/u.exec(name) ?? []
      if (!isKind(kind)) continue
      const thing = { kind, id }
      const status = lstatSync(join(this.#folder, name), { throwIfNoEntry: false }) // a call may have answered meanwhile
      if (status !== undefined) found.set(unansweredKey(thing), status.mtimeMs)
    }
    return found
  }

  /** Forgets what is there no more, if it was ever recorded. */
  forget({ kind, id }: { readonly kind: string; readonly id: string }): void {
    if (isKind(kind) && plainId.test(id)) rmSync(this.#pathOf({ kind, id }), { force: true })
  }

  #pathOf({ kind, id }: Unanswered): string {
    return join(this.#folder, `${kind}-${id}`)
  }

  /** A removal has to outlast a power cut, or the record comes back when the director has long known the thing. */
  #sync(): void {
    const folder = openSync(this.#folder, 'r')
    try {
      fsyncSync(folder)
    } finally {
      closeSync(folder)
    }
  }
}

/** @param folder as `OPENSTACK_CPI_RECORDS_DIR` names it; undefined when there is none */
export function openUnansweredFolder(folder: string | undefined, log: Logger): UnansweredFolder | undefined {
  if (folder === undefined || folder === '' || folder === 'off') return undefined
  if (!isAbsolute(folder) || process.getuid === undefined) {
    log.warn(`${recordsVariable} is not an absolute path; nothing is recorded`)
    return undefined
  }
  return new UnansweredFolder(folder, process.getuid(), log)
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))
