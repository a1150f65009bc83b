import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@openstack-cpi/cpi-core'
import type { TokenCache } from '@openstack-cpi/openstack-driver'
import { cacheVariable } from '../executable.ts'
import { hasCode, namedFolder } from '../private-folder.ts'
import { createFileTokenCache } from './file-token-cache.ts'

/**
 * The token cache the environment asks for. The release's wrapper names a folder of the job's own; elsewhere nothing is
 * kept unless the variable names a folder.
 */
export function tokenCacheFromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
  log: Logger,
): TokenCache | undefined {
  const named = namedFolder(environment[cacheVariable], { variable: cacheVariable, lost: 'logins are not kept', log })
  if (named === undefined) return undefined
  return createFileTokenCache({
    ...named,
    pid: process.pid,
    isAlive,
    log,
    nowMs: Date.now,
    // Not ended by the call's signal: the rollback, too, needs a token. Who need not wait does not.
    sleep: (ms) => sleep(ms),
    unique: randomUUID,
  })
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return !hasCode(error, 'ESRCH') // EPERM: it lives, as another user
  }
}

/** Keeps logins within this process: several drivers of one command log in once. */
export function createMemoryTokenCache(): TokenCache {
  const logins = new Map<string, Promise<string>>()
  return {
    login: async ({ digest }, isUsable, logIn) => {
      const kept = await logins.get(digest)?.catch(() => undefined) // its caller has the error
      if (kept !== undefined && isUsable(kept)) return kept
      const made = logIn()
      logins.set(digest, made)
      return await made
    },
    amend: async ({ digest }, isReplaceable, entry) => {
      const kept = await logins.get(digest)?.catch(() => undefined)
      if (kept !== undefined && isReplaceable(kept)) logins.set(digest, Promise.resolve(entry))
    },
  }
}
