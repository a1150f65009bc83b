import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Logger } from '@openstack-cpi/cpi-core'

// Small files of a process that does nothing else meanwhile. The promises of `node:fs` are another module to load.

/** A token and a catalog are some KiB, compiled code at most 1.5 MiB. Anything larger is not ours. */
const largestBytes = 4 * 1024 * 1024

/** Why a folder or file cannot be trusted, in words for a log line. */
class NotPrivate extends Error {}

/**
 * Makes the folder if need be and answers its path; throws `NotPrivate` unless it is a real folder of this user that
 * nobody else can enter.
 */
export function openPrivateFolder(folder: string, uid: number): string {
  makeFolder(folder)
  requirePrivateFolder(folder, uid)
  return folder
}

/**
 * Makes the folder, and those above it that are missing. Node's own recursion never ends where the system says ENOENT for a
 * folder whose parent exists, as automounters and `/proc` do.
 */
function makeFolder(folder: string): void {
  const make = () => {
    try {
      mkdirSync(folder, { mode: 0o700 })
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error
    }
  }
  try {
    make()
  } catch (error) {
    if (!hasCode(error, 'ENOENT') || existsSync(dirname(folder))) throw error
    makeFolder(dirname(folder))
    make()
  }
}

/** Throws `NotPrivate` unless it is a real folder of this user that nobody else can enter. */
export function requirePrivateFolder(folder: string, uid: number): void {
  const status = lstatSync(folder)
  if (!status.isDirectory()) throw new NotPrivate(`${folder} is not a folder`)
  if (status.uid !== uid) throw new NotPrivate(`${folder} belongs to another user`)
  if ((status.mode & 0o077) !== 0) throw new NotPrivate(`${folder} is open to other users (mode should be 0700)`)
}

/**
 * The bytes of a file in a private folder, undefined when there is none. Throws `NotPrivate` for a symbolic link, for
 * what is no plain file, and for a file of another user or open to others.
 */
export const readPrivateFile = (folder: string, name: string, uid: number): Buffer | undefined =>
  withPrivateFile(folder, name, uid, (file) => readFileSync(file))

/**
 * What `use` makes of such a file, with the same checks.
 * @param use gets the open file, which is closed afterwards, and its size in bytes
 */
export function withPrivateFile<R>(
  folder: string,
  name: string,
  uid: number,
  use: (file: number, size: number) => R,
): R | undefined {
  const path = join(folder, name)
  let file: number
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    if (hasCode(error, 'ELOOP')) throw new NotPrivate(`${path} is a symbolic link`, { cause: error })
    throw error
  }
  try {
    const status = fstatSync(file)
    if (!status.isFile()) throw new NotPrivate(`${path} is not a file`)
    if (status.uid !== uid) throw new NotPrivate(`${path} belongs to another user`)
    if ((status.mode & 0o077) !== 0) throw new NotPrivate(`${path} is readable by other users`)
    if (status.size > largestBytes) throw new NotPrivate(`${path} is too large`)
    return use(file, status.size)
  } finally {
    closeSync(file)
  }
}

/**
 * Replaces the file of this name atomically: a reader sees the old or the new bytes.
 * @param isSynced whether it must be whole after a failure of the machine, too; default: no
 */
export function writePrivateFile(
  folder: string,
  name: string,
  bytes: Buffer,
  { unique, isSynced = false }: { readonly unique: string; readonly isSynced?: boolean },
): void {
  const temporary = join(folder, `${name}.${unique}.tmp`)
  const file = openSync(temporary, 'wx', 0o600)
  try {
    try {
      writeFileSync(file, bytes)
      if (isSynced) fsyncSync(file)
    } finally {
      closeSync(file)
    }
    renameSync(temporary, join(folder, name))
  } catch (error) {
    rmSync(temporary, { force: true })
    throw error
  }
}

/** Is this a system error with that code? */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/**
 * The private folder that an environment variable names, and the user whose it has to be. Undefined where there is to be
 * none: absent, empty, `off`, or, with a warning, no absolute path.
 * @param lost what the warning says of it, for example `logins are not kept`
 */
export function namedFolder(
  value: string | undefined,
  given: { readonly variable: string; readonly lost: string; readonly log: Logger },
): { readonly folder: string; readonly uid: number } | undefined {
  if (value === undefined || value === '' || value === 'off') return undefined
  if (isAbsolute(value) && process.getuid !== undefined) return { folder: value, uid: process.getuid() }
  given.log.warn(`${given.variable} is not an absolute path; ${given.lost}`)
  return undefined
}
