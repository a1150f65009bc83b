import { open, readFile, rm, stat } from 'node:fs/promises'
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
  isStillNeeded: () => Promise<boolean>,
): Promise<{ readonly release: () => Promise<void> } | undefined> {
  const path = join(folder, `${name}.lock`)
  const giveUpAt = surroundings.nowMs() + longestWaitMs
  while (surroundings.nowMs() < giveUpAt) {
    if (await create(path, surroundings.pid)) return { release: () => rm(path, { force: true }) }
    if (await isAbandoned(path, surroundings)) {
      await rm(path, { force: true })
      continue
    }
    await surroundings.sleep(pauseMs)
    if (!(await isStillNeeded())) return undefined
  }
  return undefined
}

async function create(path: string, pid: number): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    try {
      await file.writeFile(String(pid))
    } finally {
      await file.close()
    }
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/** Two waiters may both find a dead holder and both remove it: at worst two of them log in. */
async function isAbandoned(path: string, { isAlive, nowMs }: LockSurroundings): Promise<boolean> {
  try {
    const holder = Number(await readFile(path, 'utf8'))
    if (Number.isInteger(holder) && holder > 0) return !isAlive(holder)
    return nowMs() - (await stat(path)).mtimeMs > unreadableAfterMs
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false // released just now
    throw error
  }
}
