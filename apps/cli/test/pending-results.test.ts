import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { answerOf, aRequest, executable, type RunOptions, runProgram } from './run-program.ts'

let given: CloudUnderTest
let records: string
beforeAll(async () => {
  given = await startCloud()
})
afterAll(() => given.close())
beforeEach(() => {
  records = mkdtempSync(join(tmpdir(), 'openstack-cpi-cli-'))
})
afterEach(() => rmSync(records, { recursive: true }))

const createDisk = (options: RunOptions = {}) =>
  runProgram(executable, [given.config()], {
    ...options,
    stdin: aRequest('create_disk', [1024, {}]),
    env: { OPENSTACK_CPI_RECORDS_DIR: records },
  })

test('a call that has answered leaves no record', async () => {
  expect(answerOf(await createDisk()).error).toBeNull()
  expect(readdirSync(records)).toEqual([])
})

test('contract §6 a create whose answer cannot be written is deleted again, and its record too', async () => {
  const before = given.cloud.leftovers()
  const run = await createDisk({ meanwhile: (child) => child.stdout.destroy() })
  expect(run.exitCode).toBe(1)
  expect(run.stderr).toContain('the answer could not be delivered, deleting disk')
  expect(given.cloud.leftovers()).toEqual(before)
  expect(readdirSync(records)).toEqual([])
})

test('a create whose answer cannot be written and that cannot be deleted leaves the record that it was answering', async () => {
  const refused = { respond: { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } } }
  given.cloud.faults.add({ match: { service: 'block-storage', operation: 'volumes.delete' }, times: null, do: refused })
  const run = await createDisk({ meanwhile: (child) => child.stdout.destroy() })
  given.cloud.faults.remove()
  expect(run.exitCode).toBe(1)
  const volume = given.cloud.state()['volumes']?.at(-1)?.id
  expect(run.stderr).toContain(`Deleting disk '${volume}' failed, it may be left`)
  expect(readdirSync(records)).toEqual([`volume-${volume}.answering`])
})

test('a call that fails at its last request leaves the record of what it could not remove', async () => {
  for (const operation of ['volume-metadata.create', 'volumes.delete']) {
    given.cloud.faults.add({
      match: { service: 'block-storage', operation },
      times: null,
      do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } } },
    })
  }
  expect(answerOf(await createDisk()).error).not.toBeNull()
  given.cloud.faults.remove()
  const volume = given.cloud.state()['volumes']?.at(-1)?.id
  expect(readdirSync(records)).toEqual([`volume-${volume}`])
})
