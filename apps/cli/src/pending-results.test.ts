import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { AfterAnswer } from '@openstack-cpi/cpi-core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openPendingResultsFolder, PendingResultsFolder } from './pending-results.ts'

const volume = { kind: 'volume', id: '1a49a1ae-3e1d-4e9f-adf5-ece52a674bdc' } as const

let parent: string
let folder: string
let warnings: string[]
const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (line: string) => warnings.push(line),
  error: () => undefined,
}
let afterAnswer: AfterAnswer[]
const records = (uid = process.getuid?.() ?? 0) =>
  new PendingResultsFolder({ folder, uid, log, afterAnswer: (step) => void afterAnswer.push(step) })

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'pending-results-'))
  folder = join(parent, 'data', 'pending-results')
  warnings = []
  afterAnswer = []
})
afterEach(() => rm(parent, { recursive: true }))

describe('records of pending results', () => {
  test('another process sees what was recorded and when, and that the call is about to answer, until it has', async () => {
    const aboutToAnswer = await records().add(volume)
    await utimes(join(folder, `volume-${volume.id}`), 1000, 1000)
    const seen = { recordedAtMs: 1_000_000, isAnswering: false }
    expect([...records().read()]).toEqual([[`volume ${volume.id}`, seen]])
    await aboutToAnswer()
    expect([...records().read()]).toEqual([[`volume ${volume.id}`, { ...seen, isAnswering: true }]])
    for (const step of afterAnswer) await step()
    expect([...records().read()]).toEqual([])
    expect(warnings).toEqual([])
  })

  test('folder 0700, file 0600', async () => {
    await records().add(volume)
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    expect((await stat(join(folder, `volume-${volume.id}`))).mode & 0o777).toBe(0o600)
  })

  test('none where no call has recorded anything; looking makes no folder', async () => {
    expect([...records().read()]).toEqual([])
    expect(await readdir(parent)).toEqual([])
  })

  test('a record that cannot be renamed is removed with a warning, and the call goes on', async () => {
    const aboutToAnswer = await records().add(volume)
    await mkdir(join(folder, `volume-${volume.id}.answering`)) // a file cannot take the place of a folder
    await aboutToAnswer()
    expect(warnings).toEqual([expect.stringContaining(`pending-result record of volume ${volume.id}`)])
    expect(await readdir(folder)).toEqual([`volume-${volume.id}.answering`])
    for (const step of afterAnswer) await step() // the call stays a success
    expect(warnings.at(-1)).toContain('Cannot delete a pending-result record')
  })

  test('a record that can be neither renamed nor removed: the warning names the file to delete', async () => {
    const aboutToAnswer = await records().add(volume)
    await rm(join(folder, `volume-${volume.id}`))
    await mkdir(join(folder, `volume-${volume.id}`)) // can be renamed to nothing that exists, and is no file to remove
    await mkdir(join(folder, `volume-${volume.id}.answering`))
    await writeFile(join(folder, `volume-${volume.id}.answering`, 'x'), '')
    await aboutToAnswer()
    expect(warnings).toEqual([
      expect.stringContaining('Cannot rename'),
      expect.stringContaining(`delete ${join(folder, `volume-${volume.id}`)}`),
    ])
  })

  test.each<[string, () => Promise<unknown>]>([
    ['is open to others', () => mkdir(folder).then(() => chmod(folder, 0o755))],
    ['is a link', () => symlink(parent, folder)],
    ['is a file', () => writeFile(folder, '')],
  ])('a folder that %s: the call goes on with a warning, a search refuses', async (_, make) => {
    await mkdir(join(parent, 'data'))
    await make()
    await (await records().add(volume))()
    expect(warnings).toEqual([expect.stringContaining(`Cannot record the pending result volume ${volume.id}`)])
    expect(() => records().read()).toThrow()
  })

  test('of another user: only root reads it', async () => {
    await records().add(volume)
    const otherUser = (process.getuid?.() ?? 0) + 1
    expect(() => records(otherUser).read()).toThrow('belongs to another user')
    expect(records(0).read().size).toBe(1)
  })

  test('an id that would name another place is not recorded', async () => {
    await records().add({ kind: 'volume', id: '../../x' })
    expect(warnings).toHaveLength(1)
    expect(await readdir(parent)).toEqual([])
  })

  test('other files are not read, and a deleted object has no record', async () => {
    await records().add(volume)
    for (const name of ['notes', 'server-1', 'volume-', 'volume-1.tmp']) await writeFile(join(folder, name), '')
    expect(records().read().size).toBe(1)
    records().remove({ kind: 'pool member', id: '../x' })
    records().remove(volume)
    await (await records().add({ ...volume, id: 'answering' }))()
    records().remove({ ...volume, id: 'answering' })
    expect(records().read().size).toBe(0)
  })

  test.each([undefined, '', 'off', 'data/pending-results'])('OPENSTACK_CPI_RECORDS_DIR=%s: none are kept', (value) => {
    expect(openPendingResultsFolder(value, { log, afterAnswer: () => {} })).toBeUndefined()
    expect(warnings).toHaveLength(value === 'data/pending-results' ? 1 : 0)
  })
})
