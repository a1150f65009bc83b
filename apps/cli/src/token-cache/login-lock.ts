import { closeSync, openSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasCode } from '../private-folder.ts'

export interface LockSurroundings {
  readonly pid: number
  readonly isAlive: (pid: number) => boolean
  /** Resolves after `ms`. */
  readonly sleep: (ms: number) => Promise<void>
  /** Since the epoch: compared with the times of files. */
  readonly nowMs: () => number
}

/** A login takes a fraction of a second; a holder that needs longer than this is not waited for. */
const longestWaitMs = 10_000
const pauseMs = 25
/** An older lock is abandoned, even if a process with its number exists: numbers are reused. */
const longestAgeMs = 15_000
/** A lock file without a readable holder was cut off while being made; this old, its maker is gone. */
const unreadableAfterMs = 1_000

/**
 * Takes the lock, or waits until its holder has released it, died, or held it for too long. Answers how to release it;
 * undefined when the wait was too long: then go on without it, one login too many does no harm. Throws when the folder
 * takes no file.
 *
 * Kept by hand: the lock libraries renew a file by a timer or need a server, for a lock that lives for one request.
 */
export async function takeLoginLock(
  folder: string,
  name: string,
  surroundings: LockSurroundings,
  isStillNeeded: () => boolean,
): Promise<{ readonly release: () => void } | undefined> {
  const { nowMs, pid, sleep } = surroundings
  const path = join(folder, `${name}.lock`)
  const giveUpAt = nowMs() + longestWaitMs
  while (nowMs() < giveUpAt) {
    if (create(path, pid)) return { release: () => release(path, pid) }
    if (isAbandoned(path, surroundings)) {
      rmSync(path, { force: true })
      continue
    }
    await sleep(pauseMs)
    if (!isStillNeeded()) return undefined
  }
  return undefined
}

function create(path: string, pid: number): boolean {
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
  try {
    writeFileSync(file, String(pid))
  } catch (error) {
    rmSync(path, { force: true }) // a full disk takes the name, and not the number
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

/** Removes the lock unless another process has taken it meanwhile, as this one held it for too long. */
function release(path: string, pid: number): void {
  if (holderOf(path) === pid) rmSync(path, { force: true })
}

/** Two waiters may both find an abandoned lock and both remove it: at worst two of them log in. */
function isAbandoned(path: string, { isAlive, nowMs }: LockSurroundings): boolean {
  try {
    const holder = holderOf(path)
    // A time in the future is as wrong as an old one: the folder's clock is not ours.
    const ageMs = Math.abs(nowMs() - statSync(path).mtimeMs)
    if (holder === undefined) return ageMs > unreadableAfterMs
    return ageMs > longestAgeMs || !isAlive(holder)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false // released just now
    throw error
  }
}

/** Process number in the lock; undefined when there is none to read. */
function holderOf(path: string): number | undefined {
  try {
    const holder = Number(readFileSync(path, 'utf8'))
    return Number.isInteger(holder) && holder > 0 ? holder : undefined
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}
