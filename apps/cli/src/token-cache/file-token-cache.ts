import { type Logger, messageOf } from '@openstack-cpi/cpi-core'
import type { LoginIdentity, TokenCache } from '@openstack-cpi/openstack-driver'
import { openPrivateFolder, readPrivateFile, writePrivateFile } from '../private-folder.ts'
import { type LockSurroundings, takeLoginLock } from './login-lock.ts'
import { seal, unseal } from './sealed-entry.ts'

export interface FileTokenCacheOptions extends LockSurroundings {
  /** Absolute path; made when missing. */
  readonly folder: string
  readonly uid: number
  readonly log: Logger
  /** Makes names of temporary files unique. */
  readonly unique: () => string
}

/**
 * Keeps logins in files that only this user can read and only the owner of the credentials can decrypt; processes that
 * need the same login at the same time share one. Problems of the folder or a file are a warning, never an error: a
 * login is always possible. Driver spec §2.3, ADR 5.
 */
export function createFileTokenCache(options: FileTokenCacheOptions): TokenCache {
  const { uid, log } = options
  const told = new Set<string>()
  /** Once per call: a wait for the lock reads the entry many times. */
  const warnOnce = (line: string): void => {
    if (!told.has(line)) log.warn(line)
    told.add(line)
  }
  let isTried = false
  let folder: string | undefined
  const openFolder = (): string | undefined => {
    if (isTried) return folder
    isTried = true
    try {
      folder = openPrivateFolder(options.folder, uid)
    } catch (error) {
      warnOnce(`Not keeping the login: ${messageOf(error)}`)
    }
    return folder
  }

  const read = (place: string, identity: LoginIdentity): string | undefined => {
    try {
      const bytes = readPrivateFile(place, fileName(identity), uid)
      if (bytes === undefined) return undefined
      const entry = unseal(identity, bytes)
      if (entry === undefined) warnOnce('Ignoring the kept login: it is damaged or of other credentials')
      return entry
    } catch (error) {
      warnOnce(`Ignoring the kept login: ${messageOf(error)}`)
      return undefined
    }
  }

  const write = (place: string, identity: LoginIdentity, entry: string): void => {
    try {
      writePrivateFile(place, fileName(identity), seal(identity, entry), {
        unique: `${options.pid}-${options.unique()}`,
      })
    } catch (error) {
      warnOnce(`Not keeping the login: ${messageOf(error)}`)
    }
  }

  /** Undefined when another process has logged in meanwhile, holds the lock for too long, or there can be no lock. */
  const takeLock = async (place: string, identity: LoginIdentity, isStillNeeded: () => boolean) => {
    try {
      return await takeLoginLock(place, fileName(identity), options, isStillNeeded)
    } catch (error) {
      warnOnce(`Logging in without a lock: ${messageOf(error)}`)
      return undefined
    }
  }

  const releaseLock = (lock: { readonly release: () => void } | undefined): void => {
    try {
      lock?.release()
    } catch (error) {
      warnOnce(`Cannot release the lock of the login: ${messageOf(error)}`)
    }
  }

  return {
    async login(identity, isUsable, logIn) {
      const place = openFolder()
      if (place === undefined) return await logIn()
      const usable = (): string | undefined => {
        const entry = read(place, identity)
        return entry !== undefined && isUsable(entry) ? entry : undefined
      }
      const kept = usable()
      if (kept !== undefined) return kept
      const lock = await takeLock(place, identity, () => usable() === undefined)
      try {
        const meanwhile = usable()
        if (meanwhile !== undefined) return meanwhile
        const fresh = await logIn()
        write(place, identity, fresh)
        return fresh
      } finally {
        releaseLock(lock)
      }
    },
    async amend(identity, isReplaceable, entry) {
      const place = openFolder()
      const kept = place === undefined ? undefined : read(place, identity)
      // Between look and write another process may keep a newer login: it is lost then, and made again if need be.
      if (place !== undefined && kept !== undefined && isReplaceable(kept)) write(place, identity, entry)
    },
  }
}

const fileName = (identity: LoginIdentity): string => `${identity.digest}.token`
