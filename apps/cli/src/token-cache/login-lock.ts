import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '../process/private-folder.ts'

export interface LockSurroundings {
  readonly pid: number
  readonly isAlive: (pid: number) => boolean
  /** Resolves after `ms`; rejects when the process is to end. */
  readonly sleep: (ms: number) => Promise<void>
  /** Since the epoch: compared with the times of files. */
  readonly nowMs: () => number
}

/** A login takes a fraction of a second; a holder that needs longer than this is not waited for. */
const longestWaitMs = 10_000
const pauseMs = 25
/** A lock file without a readable holder was cut off while being made; this old, nobody is making it any more. */
const unreadableAfterMs = 1_000

/**
 * Takes the lock, or waits until its holder has let go or died. Answers how to release it; undefined when the wait was
 * too long: then go on without it, one login too many does no harm.
 */
export async function takeLoginLock(
  folder: string,
  name: string,
  surroundings: LockSurroundings,
  isStillNeeded: () => boolean,
): Promise<{ readonly release: () => void } | undefined> {
  const path = join(folder, `${name}.lock`)
  const giveUpAt = surroundings.nowMs() + longestWaitMs
  while (surroundings.nowMs() < giveUpAt) {
    if (create(path, surroundings.pid)) return { release: () => rmSync(path, { force: true }) }
    if (isAbandoned(path, surroundings)) {
      rmSync(path, { force: true })
      continue
    }
    await surroundings.sleep(pauseMs)
    if (!isStillNeeded()) return undefined
  }
  return undefined
}

function create(path: string, pid: number): boolean {
  try {
    const file = openSync(path, 'wx', 0o600)
    try {
      writeFileSync(file, String(pid))
    } finally {
      closeSync(file)
    }
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Two waiters may both find a dead holder and both remove it: at worst two of them log in. */
function isAbandoned(path: string, { isAlive, nowMs }: LockSurroundings): boolean {
  try {
    const holder = Number(readFileSync(path, 'utf8'))
    if (Number.isInteger(holder) && holder > 0) return !isAlive(holder)
    return nowMs() - statSync(path).mtimeMs > unreadableAfterMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false // released just now
    throw error
  }
}
