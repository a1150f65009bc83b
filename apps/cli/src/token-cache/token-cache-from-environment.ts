import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from '@openstack-cpi/cpi-core'
import type { TokenCache } from '@openstack-cpi/openstack-driver'
import { namedFolder } from '../process/named-folder.ts'
import { hasCode } from '../process/private-folder.ts'
import { createFileTokenCache } from './file-token-cache.ts'

/** Names the folder in which logins are kept between calls; absent, empty or `off`: they are not kept. */
export const cacheVariable = 'OPENSTACK_CPI_CACHE_DIR'

/**
 * The token cache the environment asks for. The release's wrapper names a folder of the job's own; elsewhere nothing is
 * kept unless somebody says where.
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
