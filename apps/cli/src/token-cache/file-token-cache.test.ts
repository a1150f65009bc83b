import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createFileTokenCache, type FileTokenCacheOptions } from './file-token-cache.ts'

const identity = { digest: 'd'.repeat(64), secret: 'the password' }
const always = () => true
const startMs = Date.now() // as the times of the files

let parent: string
let folder: string
let warnings: string[]
let nowMs: number
let unique: number

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'token-cache-'))
  folder = join(parent, 'cache')
  warnings = []
  nowMs = startMs
  unique = 0
})
afterEach(() => rm(parent, { recursive: true }))

function cache(changes: Partial<FileTokenCacheOptions> = {}) {
  return createFileTokenCache({
    folder,
    uid: process.getuid?.() ?? 0,
    pid: process.pid,
    isAlive: () => true,
    nowMs: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms
      await new Promise((resolve) => setImmediate(resolve)) // lets the others go on; no time passes
    },
    unique: () => String(unique++),
    log: { debug: () => undefined, info: () => undefined, warn: (line) => warnings.push(line), error: () => undefined },
    ...changes,
  })
}

const counted = (entry: string) => {
  let calls = 0
  return { logIn: async () => `${entry} ${++calls}`, calls: () => calls }
}

describe('a login kept between processes', () => {
  test('the second process needs none', async () => {
    const first = counted('entry')
    expect(await cache().login(identity, always, first.logIn)).toBe('entry 1')
    const second = counted('other')
    expect(await cache().login(identity, always, second.logIn)).toBe('entry 1')
    expect(second.calls()).toBe(0)
    expect(warnings).toEqual([])
  })

  test('an entry that is about to expire or was refused is replaced', async () => {
    await cache().login(identity, always, async () => 'old')
    expect(
      await cache().login(
        identity,
        (entry) => entry !== 'old',
        async () => 'new',
      ),
    ).toBe('new')
    expect(await cache().login(identity, always, async () => 'third')).toBe('new')
  })

  test('an entry is amended, but a newer one is not overwritten', async () => {
    await cache().amend(identity, always, 'no login was kept')
    expect(await cache().login(identity, always, async () => 'first')).toBe('first')
    await cache().amend(identity, (entry) => entry === 'first', 'first, amended')
    await cache().amend(identity, (entry) => entry === 'first', 'first, too late')
    expect(await cache().login(identity, always, async () => 'other')).toBe('first, amended')
    expect(warnings).toEqual([])
  })

  test('folder 0700, file 0600, nothing readable in it, no temporary file left', async () => {
    await cache().login(identity, always, async () => 'gAAAA-the-token')
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    const names = await readdir(folder)
    expect(names).toEqual([`${identity.digest}.token`])
    const file = join(folder, String(names[0]))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const bytes = (await readFile(file)).toString('latin1')
    expect(bytes).not.toContain('the-token')
    expect(bytes).not.toContain(identity.secret)
  })

  test.each([
    ['another password', { ...identity, secret: 'rotated' }],
    ['another identity under its name', { ...identity, digest: 'e'.repeat(64) }],
  ])('%s cannot open it', async (_what, other) => {
    await cache().login(identity, always, async () => 'mine')
    if (other.digest !== identity.digest) {
      await writeFile(join(folder, `${other.digest}.token`), await readFile(join(folder, `${identity.digest}.token`)), {
        mode: 0o600,
      })
    }
    expect(await cache().login(other, always, async () => 'fresh')).toBe('fresh')
    expect(warnings.join()).toContain('damaged or of other credentials')
  })
})

describe('what is not safe is not used, said, and replaced', () => {
  const file = () => join(folder, `${identity.digest}.token`)
  const damage: readonly [string, () => Promise<void>, RegExp][] = [
    ['a damaged file', async () => writeFile(file(), (await readFile(file())).fill(1, 60, 70)), /damaged/],
    ['a truncated file', async () => writeFile(file(), (await readFile(file())).subarray(0, 30)), /damaged/],
    ['an empty file', () => writeFile(file(), ''), /damaged/],
    ['a file others can read', () => chmod(file(), 0o644), /readable by other users/],
    [
      'a symbolic link',
      async () => {
        await writeFile(join(parent, 'elsewhere'), await readFile(file()), { mode: 0o600 })
        await rm(file())
        await symlink(join(parent, 'elsewhere'), file())
      },
      /symbolic link/,
    ],
  ]
  test.each(damage)('%s', async (_what, harm, warning) => {
    await cache().login(identity, always, async () => 'kept')
    await harm()
    expect(await cache().login(identity, always, async () => 'fresh')).toBe('fresh')
    expect(warnings.join()).toMatch(warning)
    expect(await cache().login(identity, always, async () => 'third')).toBe('fresh')
    expect((await stat(file())).mode & 0o777).toBe(0o600)
  })

  test('a folder that others can enter, or that is a link: no cache, a warning, the login works', async () => {
    await cache().login(identity, always, async () => 'kept')
    await chmod(folder, 0o755)
    expect(await cache().login(identity, always, async () => 'fresh')).toBe('fresh')
    expect(warnings.join()).toContain('open to other users')
    await chmod(folder, 0o700)
    await symlink(folder, join(parent, 'link'))
    expect(await cache({ folder: join(parent, 'link') }).login(identity, always, async () => 'fresh')).toBe('fresh')
    expect(warnings.join()).toContain('is not a folder')
  })

  test('a folder whose parents are missing is made with them', async () => {
    folder = join(parent, 'a', 'b', 'cache')
    const { logIn, calls } = counted('entry')
    for (const _ of [1, 2]) await cache().login(identity, always, logIn)
    expect([calls(), warnings]).toEqual([1, []])
  })

  test.runIf(process.platform === 'linux')('a folder where the system finds no place for folders', async () => {
    folder = '/proc/none/logins'
    expect(await cache().login(identity, always, async () => 'entry')).toBe('entry')
    expect(warnings.join()).toContain('ENOENT')
  })

  test('a folder that cannot be made', async () => {
    await writeFile(join(parent, 'file'), '')
    const login = cache({ folder: join(parent, 'file', 'cache') }).login(identity, always, async () => 'fresh')
    expect(await login).toBe('fresh')
    expect(warnings).toHaveLength(1)
  })
})

describe('a folder that takes no files', () => {
  test('the login is made without lock and cache, with a warning', async () => {
    const unwritable = { ...identity, digest: 'd'.repeat(300) } // longer than any file system's names
    expect(await cache().login(unwritable, always, async () => 'fresh')).toBe('fresh')
    await cache().amend(unwritable, always, 'amended')
    expect(warnings.join('\n')).toMatch(/Logging in without a lock: ENAMETOOLONG/)
    expect(warnings.join('\n')).toMatch(/Not keeping the login: ENAMETOOLONG/)
  })

  test('so it is when something else has the name of the lock', async () => {
    await mkdir(join(folder, `${identity.digest}.token.lock`), { recursive: true, mode: 0o700 })
    await chmod(folder, 0o700)
    expect(await cache().login(identity, always, async () => 'fresh')).toBe('fresh')
    expect(warnings.join()).toMatch(/Logging in without a lock: EISDIR/)
    expect(await cache().login(identity, always, async () => 'other')).toBe('fresh')
  })

  test('a login that fails there fails with its own error', async () => {
    const refused = cache().login({ ...identity, digest: 'd'.repeat(300) }, always, async () => {
      throw new Error('401')
    })
    await expect(refused).rejects.toThrow('401')
  })
})

describe('many processes in parallel', () => {
  test('32 share one login', async () => {
    const shared = counted('entry')
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return await shared.logIn()
    }
    const answers = await Promise.all(Array.from({ length: 32 }, () => cache().login(identity, always, slow)))
    expect(new Set(answers)).toEqual(new Set(['entry 1']))
    expect(shared.calls()).toBe(1)
    expect(await readdir(folder)).toEqual([`${identity.digest}.token`])
  })

  test('a dead holder of the lock is not waited for', async () => {
    await cache().login(identity, always, async () => 'old')
    await writeFile(join(folder, `${identity.digest}.token.lock`), '4711', { mode: 0o600 })
    const dead = cache({ isAlive: (pid) => pid !== 4711 })
    expect(
      await dead.login(
        identity,
        (entry) => entry !== 'old',
        async () => 'new',
      ),
    ).toBe('new')
    expect(nowMs - startMs).toBeLessThan(2_000)
    expect(await readdir(folder)).toEqual([`${identity.digest}.token`])
  })

  test('a living holder that never finishes delays, and does not block', async () => {
    await cache().login(identity, always, async () => 'old')
    await writeFile(join(folder, `${identity.digest}.token.lock`), '4711', { mode: 0o600 })
    expect(
      await cache().login(
        identity,
        (entry) => entry !== 'old',
        async () => 'new',
      ),
    ).toBe('new')
    expect(nowMs - startMs).toBeGreaterThanOrEqual(10_000)
  })

  test.each([
    ['older than any login, though its number is in use again', -60],
    ['with a time in the future', 3_600],
  ])('a lock %s delays no login', async (_what, offsetS) => {
    await cache().login(identity, always, async () => 'old')
    const lock = join(folder, `${identity.digest}.token.lock`)
    await writeFile(lock, '4711', { mode: 0o600 })
    await utimes(lock, startMs / 1000 + offsetS, startMs / 1000 + offsetS)
    const isNew = (entry: string) => entry !== 'old'
    expect(await cache().login(identity, isNew, async () => 'new')).toBe('new')
    expect(nowMs).toBe(startMs)
    expect(await readdir(folder)).toEqual([`${identity.digest}.token`])
  })

  test('a damaged entry is warned of once, however long the lock is waited for', async () => {
    await cache().login(identity, always, async () => 'old')
    await writeFile(join(folder, `${identity.digest}.token`), 'damaged')
    await writeFile(join(folder, `${identity.digest}.token.lock`), '4711', { mode: 0o600 })
    expect(await cache().login(identity, always, async () => 'new')).toBe('new')
    expect(warnings).toEqual(['Ignoring the kept login: it is damaged or of other credentials'])
  })

  test('a lock that was taken by another process meanwhile is left alone', async () => {
    const lock = join(folder, `${identity.digest}.token.lock`)
    const login = cache().login(identity, always, async () => {
      await writeFile(lock, '4711')
      return 'slow'
    })
    expect(await login).toBe('slow')
    expect(await readFile(lock, 'utf8')).toBe('4711')
  })

  test('the lock is released when the login fails', async () => {
    const refused = cache().login(identity, always, async () => {
      throw new Error('401')
    })
    await expect(refused).rejects.toThrow('401')
    expect(await readdir(folder)).toEqual([])
  })
})
