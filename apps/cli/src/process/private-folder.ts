import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** An entry is a token and a catalog: some KiB. Anything larger is not ours. */
const largestBytes = 1024 * 1024

/** Why a folder or file cannot be trusted, in words for a log line. */
export class NotPrivate extends Error {}

/**
 * Makes the folder if need be and answers its path; throws `NotPrivate` unless it is a real folder of this user that
 * nobody else can enter.
 */
export async function openPrivateFolder(folder: string, uid: number): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await requirePrivateFolder(folder, uid)
  return folder
}

/** Throws `NotPrivate` unless it is a real folder of this user that nobody else can enter. */
export async function requirePrivateFolder(folder: string, uid: number): Promise<void> {
  const status = await lstat(folder)
  if (!status.isDirectory()) throw new NotPrivate(`${folder} is not a folder`)
  if (status.uid !== uid) throw new NotPrivate(`${folder} belongs to another user`)
  if ((status.mode & 0o077) !== 0) throw new NotPrivate(`${folder} is open to other users (mode should be 0700)`)
}

/**
 * The bytes of a file in a private folder, undefined when there is none. Throws `NotPrivate` for a symbolic link, for
 * what is no plain file, and for a file of another user or open to others.
 */
export async function readPrivateFile(folder: string, name: string, uid: number): Promise<Buffer | undefined> {
  const path = join(folder, name)
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined
      if (hasCode(error, 'ELOOP')) throw new NotPrivate(`${path} is a symbolic link`, { cause: error })
      throw error
    },
  )
  if (file === undefined) return undefined
  try {
    const status = await file.stat()
    if (!status.isFile()) throw new NotPrivate(`${path} is not a file`)
    if (status.uid !== uid) throw new NotPrivate(`${path} belongs to another user`)
    if ((status.mode & 0o077) !== 0) throw new NotPrivate(`${path} is readable by other users`)
    if (status.size > largestBytes) throw new NotPrivate(`${path} is too large`)
    return await file.readFile()
  } finally {
    await file.close()
  }
}

/** Replaces whatever has this name, at once and whole; a reader sees the old or the new bytes. */
export async function writePrivateFile(folder: string, name: string, bytes: Buffer, unique: string): Promise<void> {
  const temporary = join(folder, `${name}.${unique}.tmp`)
  const file = await open(temporary, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  } finally {
    await file.close()
  }
  await rename(temporary, join(folder, name))
}

/** Is this a system error with that code? */
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code
