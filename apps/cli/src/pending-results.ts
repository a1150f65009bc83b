import { closeSync, fsyncSync, lstatSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Cpi, type CpiCall, type Logger, messageOf, type OptionalMethods } from '@openstack-cpi/cpi-core'
import {
  type AboutToAnswer,
  type PendingResult,
  type PendingResultKind,
  type PendingResultRecord,
  type PendingResults,
  pendingResultKey,
} from '@openstack-cpi/openstack-driver'
import { recordsVariable } from './executable.ts'
import { hasCode, namedFolder, openPrivateFolder, requirePrivateFolder } from './private-folder.ts'

/** The characters of an id of OpenStack, which becomes the name of a file. */
const plainId = /^[\w-]{1,200}$/u

const kinds: ReadonlySet<string> = new Set<PendingResultKind>(['volume', 'snapshot', 'image', 'network'])
const isKind = (text: string): text is PendingResultKind => kinds.has(text)

/** Ends the name of a record whose call is about to answer. */
const answeringSuffix = '.answering'

export interface PendingResultsFolderOptions {
  /** Absolute path; made when missing. */
  readonly folder: string
  readonly uid: number
  readonly log: Logger
  readonly afterAnswer: CpiCall['afterAnswer']
}

/**
 * Records of what calls have finished without having answered yet, one empty file each, named `<kind>-<id>`, in a folder
 * of this user's own (ADR 7). A call that is about to answer renames its record, and removes it when it has answered.
 * One whose record cannot be written goes on without. `leftovers` reads them.
 */
export class PendingResultsFolder implements PendingResults {
  readonly #folder: string
  readonly #uid: number
  readonly #log: Logger
  readonly #afterAnswer: PendingResultsFolderOptions['afterAnswer']

  constructor({ folder, uid, log, afterAnswer }: PendingResultsFolderOptions) {
    this.#folder = folder
    this.#uid = uid
    this.#log = log
    this.#afterAnswer = afterAnswer
  }

  async add(thing: PendingResult): Promise<AboutToAnswer> {
    const path = this.#pathOf(thing)
    try {
      if (!plainId.test(thing.id)) throw new Error('its id cannot be the name of a file')
      openPrivateFolder(this.#folder, this.#uid)
      closeSync(openSync(path, 'w', 0o600))
    } catch (error) {
      this.#log.warn(`Cannot record the pending result ${pendingResultKey(thing)}: ${messageOf(error)}`)
      return async () => undefined
    }
    return async () => {
      try {
        renameSync(path, path + answeringSuffix)
        this.#sync()
      } catch (error) {
        this.#removeUnrenamed(thing, error)
      }
      this.#afterAnswer(() => this.#removeAnswered(path))
    }
  }

  /** All records by `pendingResultKey`. Throws `NotPrivate` if others could have written them. */
  read(): ReadonlyMap<string, PendingResultRecord> {
    const found = new Map<string, PendingResultRecord>()
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
      const isAnswering = name.endsWith(answeringSuffix)
      const [, kind = '', id = ''] = /^([a-z]+)-([\w-]+)(?:\.answering)?$/u.exec(name) ?? []
      if (!isKind(kind)) continue
      const thing = { kind, id }
      const status = lstatSync(join(this.#folder, name), { throwIfNoEntry: false }) // a call may have answered meanwhile
      if (status !== undefined) found.set(pendingResultKey(thing), { recordedAtMs: status.mtimeMs, isAnswering })
    }
    return found
  }

  /** Removes the record of a deleted object, if there is one. */
  remove({ kind, id }: { readonly kind: string; readonly id: string }): void {
    if (!isKind(kind) || !plainId.test(id)) return
    for (const suffix of ['', answeringSuffix]) rmSync(this.#pathOf({ kind, id }) + suffix, { force: true })
  }

  /**
   * What was created is finished, so the call answers. Under its first name the record would say that no director knows
   * of it: it is removed; if that fails too, a warning names it.
   */
  #removeUnrenamed(thing: PendingResult, renaming: unknown): void {
    const path = this.#pathOf(thing)
    this.#log.warn(`Cannot rename the pending-result record of ${pendingResultKey(thing)}: ${messageOf(renaming)}`)
    try {
      rmSync(path, { force: true })
    } catch (error) {
      this.#log.warn(
        `Cannot delete it either (${messageOf(error)}): delete ${path}, or \`leftovers\` may list what is in use`,
      )
    }
  }

  #removeAnswered(path: string): void {
    try {
      rmSync(path + answeringSuffix, { force: true })
    } catch (error) {
      // The call is answered, and stays a success.
      this.#log.warn(`Cannot delete a pending-result record: ${messageOf(error)}`)
    }
  }

  #pathOf({ kind, id }: PendingResult): string {
    return join(this.#folder, `${kind}-${id}`)
  }

  /** The new name has to outlast a power cut, or the old one comes back when the director has long known the thing. */
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
export function openPendingResultsFolder(
  folder: string | undefined,
  { log, afterAnswer }: Pick<CpiCall, 'log' | 'afterAnswer'>,
): PendingResultsFolder | undefined {
  const named = namedFolder(folder, { variable: recordsVariable, lost: 'nothing is recorded', log })
  return named === undefined ? undefined : new PendingResultsFolder({ ...named, log, afterAnswer })
}

/** The same driver, which also removes the pending-result record of what it has deleted. */
export const removingRecords = (cpi: Cpi & OptionalMethods, records: Pick<PendingResultsFolder, 'remove'>): Cpi => ({
  ...cpi,
  deleteStemcell: async (id) => {
    await cpi.deleteStemcell(id)
    records.remove({ kind: 'image', id })
  },
  deleteDisk: async (id) => {
    await cpi.deleteDisk(id)
    records.remove({ kind: 'volume', id })
  },
  deleteSnapshot: async (id) => {
    await cpi.deleteSnapshot(id)
    records.remove({ kind: 'snapshot', id })
  },
  deleteNetwork: async (id) => {
    await cpi.deleteNetwork(id)
    records.remove({ kind: 'network', id })
  },
})
