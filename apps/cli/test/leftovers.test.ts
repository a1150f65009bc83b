import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type CloudUnderTest, startCloud } from './cloud-config.ts'
import { aRequest, executable, runProgram } from './run-program.ts'

let under: CloudUnderTest
let config: string

beforeAll(async () => {
  // Behind this machine's clock: what is made does not come from the future.
  under = await startCloud({ startAt: Date.now() - 30 * 60_000 })
  config = under.config()
})
afterAll(() => under.close())
beforeEach(() => under.cloud.reset())

/** Every run warns of the clocks. */
const clockWarning = /^W, .* The clock of this machine is \d+ s ahead of Keystone's, which is used for ages\n/

const leftovers = async (...options: readonly string[]) => {
  const { stderr, ...rest } = await runProgram(executable, ['leftovers', '--config', config, ...options])
  return { ...rest, stderr: stderr.replace(clockWarning, '') }
}

/** A volume as a dead `create_disk` leaves it. */
const deadDisk = async (director: string, name: string, state = 'unfinished'): Promise<void> => {
  const { cloud } = under
  const metadata = { director_uuid: director, cpi_creation: state }
  await cloud.fetch(`${cloud.url}/volume/v3/${cloud.projectId('bosh')}/volumes`, {
    method: 'POST',
    headers: { 'x-auth-token': await cloud.token('bosh'), 'content-type': 'application/json' },
    body: JSON.stringify({ volume: { name, size: 1, metadata } }),
  })
  cloud.clock.advance('1m')
}
const disks = () => (under.cloud.state()['volumes'] ?? []).map((volume) => Reflect.get(volume, 'name'))

describe('openstack-cpi leftovers', () => {
  test('nothing left: nothing said, exit code 0', async () => {
    expect(await leftovers()).toEqual({ stdout: '', stderr: '', exitCode: 0 })
  })

  test('ages are not told by a clock that is ahead', async () => {
    await deadDisk('d1', 'volume-1')
    const { stderr, exitCode } = await runProgram(executable, ['leftovers', '--config', config, '--older-than', '10m'])
    expect([stderr, exitCode]).toEqual([expect.stringMatching(clockWarning), 0])
  })

  test('lists one line each and changes nothing; exit code 1', async () => {
    await deadDisk('d1', 'volume-1')
    const { stdout, stderr, exitCode } = await leftovers('--older-than', '0s')
    expect(stdout).toMatch(
      /^volume {2}[0-9a-f-]{36} {2}volume-1 {2}\d+\w {2,}create_disk ended before it was finished\n$/,
    )
    expect([stderr, exitCode, disks()]).toEqual(['', 1, ['volume-1']])
  })

  test.each(['{"api_key": "SeCrEt', '["SeCrEt"]'])('--context %s is refused, and not repeated', async (context) => {
    const { stdout, stderr, exitCode } = await leftovers('--context', context)
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toContain('--context must be a JSON object')
    expect(stderr).not.toContain('SeCrEt')
  })

  test('an object whose call ended without an answer is listed by its record, and both are deleted together', async () => {
    await deadDisk('d1', 'volume-1', 'finished')
    await deadDisk('d1', 'volume-2', 'finished')
    const id = under.idOf('volumes', 'volume-1')
    const records = dirname(under.file(`volume-${id}`, ''))
    const all = await leftovers('--older-than', '0s', '--records', records)
    expect(all.stdout).toMatch(/^volume {2}[0-9a-f-]{36} {2}volume-1 .* create_disk ended before it had answered\n$/)
    const byEnvironment = await runProgram(
      executable,
      ['leftovers', '--config', config, '--older-than', '0s', '--delete'],
      { env: { OPENSTACK_CPI_RECORDS_DIR: records } },
    )
    expect([byEnvironment.exitCode, disks()]).toEqual([0, ['volume-2']])
    expect(existsSync(join(records, `volume-${id}`))).toBe(false)
  })

  test('reports what a call may have answered or not, and never deletes it', async () => {
    await deadDisk('d1', 'volume-1', 'finished')
    const id = under.idOf('volumes', 'volume-1')
    const records = dirname(under.file(`volume-${id}.answering`, ''))
    const { stdout, stderr, exitCode } = await leftovers('--older-than', '0s', '--records', records, '--delete')
    expect([stdout, exitCode, disks()]).toEqual(['', 0, ['volume-1']])
    expect(stderr).toContain(
      `\nvolume ${id} (volume-1): create_disk died while sending its response. Ask the director whether it knows it before you delete it.\n`,
    )
    const json = await leftovers('--older-than', '0s', '--records', records, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ leftovers: [], undecided: [{ kind: 'volume', id }] })
  })

  test('refuses records that others could have written: the search could not run', async () => {
    const { stdout, stderr, exitCode } = await leftovers('--records', '/tmp')
    expect({ stdout, exitCode }).toEqual({ stdout: '', exitCode: 2 })
    expect(stderr).toMatch(/\/tmp (is open to other users|belongs to another user)/)
  })

  test('objects younger than --older-than are not listed', async () => {
    await deadDisk('d1', 'volume-1')
    const { stdout, exitCode } = await leftovers('--json')
    expect(JSON.parse(stdout)).toMatchObject({ leftovers: [], tooYoung: 1, directors: ['d1'] })
    expect(exitCode).toBe(0)
  })

  test('--delete wants to know whose, if there are several directors, and takes only those', async () => {
    await deadDisk('d1', 'volume-1')
    await deadDisk('d2', 'volume-2')
    const refused = await leftovers('--older-than', '0s', '--delete')
    expect(refused).toMatchObject({ stdout: '', exitCode: 2, stderr: expect.stringMatching(/--director: d1, d2/) })
    expect(disks()).toEqual(['volume-1', 'volume-2'])
    const { stdout, exitCode } = await leftovers('--older-than', '0s', '--director', 'd1', '--delete', '--json')
    expect(JSON.parse(stdout).leftovers).toMatchObject([{ name: 'volume-1', directorUuid: 'd1', removed: true }])
    expect([exitCode, disks()]).toEqual([0, ['volume-2']])
  })

  test('objects that cannot be deleted are named, and the exit code is 1', async () => {
    await deadDisk('d1', 'volume-1')
    under.cloud.faults.add({
      match: { service: 'block-storage', operation: 'volumes.delete' },
      times: null,
      do: { respond: { status: 403, body: { forbidden: { code: 403, message: 'Policy does not allow it.' } } } },
    })
    const { stdout, exitCode } = await leftovers('--older-than', '0s', '--delete')
    expect(stdout).toMatch(/NOT DELETED, .*Policy does not allow it\./)
    expect(exitCode).toBe(1)
  })

  test.each([
    ['an unknown option', ['--sideways']],
    ['an age without a unit', ['--older-than', '30']],
    ['no configuration', ['--config', 'none.json']],
  ])('%s: exit code 2', async (_, options) => {
    const { stdout, stderr, exitCode } = await leftovers(...options)
    expect([stdout, exitCode]).toEqual(['', 2])
    expect(stderr).not.toBe('')
  })

  test('is a command, not the path of a configuration file', async () => {
    const { stdout } = await runProgram(executable, ['leftovers'], { stdin: aRequest('info') })
    expect(stdout).toBe('')
  })
})
