import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { aRequest as requestOf } from '../../test/dispatch-once.ts'
import { compiledCode, program } from '../../test/programs.ts'
import { answerOf, type RunOptions, runExecutable } from '../testing/run-executable.ts'

const command = program('odd-cpi')
const aRequest = (...words: Parameters<typeof requestOf>): string => JSON.stringify(requestOf(...words))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-cpi-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const journal = () => (existsSync(join(folder, 'journal')) ? readFileSync(join(folder, 'journal'), 'utf8') : '')

const runOdd = (behaviour: string, options: RunOptions = {}, more: object = {}) => {
  const config = join(folder, 'config.json')
  writeFileSync(config, JSON.stringify({ behaviour, journal: join(folder, 'journal'), ...more }))
  const env = { ...compiledCode, ...options.env }
  return runExecutable([...command, config], { stdin: aRequest('has_vm', ['vm-1']), ...options, env })
}

test('contract §2 what libraries print goes to stderr', async () => {
  const run = await runOdd('prints')
  expect(run.stdout).toBe('{"result":true,"error":null,"log":""}')
  for (const noise of ['console.log', 'process.stdout', 'a warning'])
    expect(run.stderr).toContain(`noise from ${noise}`)
})

test('contract §2, §4.2 a request that cannot be read is answered with InvalidCall', () => {
  const stdin = openSync(folder, 'r') // reading a folder fails
  const run = spawnSync(process.execPath, command.slice(1), { stdio: [stdin, 'pipe', 'ignore'], encoding: 'utf8' })
  closeSync(stdin)
  expect(JSON.parse(run.stdout)).toMatchObject({
    result: null,
    error: { type: 'InvalidCall', message: expect.stringMatching(/^The request cannot be read from stdin: EISDIR/) },
  })
  expect(run.status).toBe(0)
})

test('contract §2 a request of several MiB is read whole, with a newline at its end or without', async () => {
  const request = aRequest('has_vm', ['vm-1', 'ä'.repeat(2 * 1024 * 1024)])
  for (const stdin of [request, `${request}\n`]) expect(answerOf(await runOdd('', { stdin })).result).toBe(true)
})

describe('contract §2 an exception outside the call', () => {
  test('lets the call end: what it made is not forgotten', async () => {
    const run = await runOdd('throws elsewhere, then succeeds')
    expect(answerOf(run).result).toBe(true)
    expect(run.stderr).toContain('thrown elsewhere')
  })

  test('as a rejection nobody handles, too', async () => {
    const run = await runOdd('rejects elsewhere, then fails')
    expect(answerOf(run).error).toMatchObject({
      type: 'Bosh::Clouds::VMNotFound',
      message: 'rolled back: The CPI failed outside the call: rejected elsewhere',
    })
    expect(run.stderr).toContain('rejected elsewhere')
  })

  test('is the answer when the call never ends', async () => {
    const { error } = answerOf(await runOdd('throws elsewhere, never settles'))
    expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: 'thrown elsewhere' })
  })
})

test('contract §2 a call that ends without an answer is answered', async () => {
  const { error } = answerOf(await runOdd('never settles'))
  expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', message: 'The call ended without an answer' })
})

describe('contract §2 signals', () => {
  test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    '%s aborts waits, and the failure is answered',
    async (signal) => {
      const run = await runOdd('waits', {
        meanwhile: (child) => child.stderr.on('data', (text) => String(text).includes('waiting') && child.kill(signal)),
      })
      expect(answerOf(run).error?.message).toContain(`interrupted by ${signal}`)
    },
  )

  test('one that comes while the request is read ends the process', async () => {
    const child = spawn(process.execPath, command.slice(1), { stdio: 'pipe' })
    // More than a pipe holds: once it is written, the process is reading.
    child.stdin.write(' '.repeat(1024 * 1024), () => child.kill('SIGTERM'))
    const [, signal] = await once(child, 'close')
    expect(signal).toBe('SIGTERM')
  })

  test('a second one ends a rollback that hangs, still with an answer', async () => {
    const run = await runOdd('hangs', {
      meanwhile: (child) =>
        child.stderr.on('data', (text) => /waiting|rolling back/.test(String(text)) && child.kill('SIGTERM')),
    })
    expect(answerOf(run).error?.message).toContain('interrupted by SIGTERM')
  })
})

describe('contract §13.11 an answer of several MiB', () => {
  const big = aRequest('calculate_vm_cloud_properties', [{ cpu: 1, ram: 1, ephemeral_disk_size: 1 }])

  test('arrives whole', async () => {
    const { result } = answerOf(await runOdd('', { stdin: big }))
    expect(result).toEqual({ big: 'ä'.repeat(4 * 1024 * 1024) })
  })

  test('that nobody reads is the one failure with an exit code', async () => {
    const run = await runOdd('', { stdin: big, meanwhile: (child) => child.stdout.destroy() })
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain('The answer could not be written')
  })
})

test('a stderr that nobody reads does not fail the call', async () => {
  const run = await runOdd('prints', { meanwhile: (child) => child.stderr.destroy() })
  expect(answerOf(run).result).toBe(true)
})

describe('contract §6 a create whose answer cannot be written', () => {
  const create: RunOptions = {
    stdin: aRequest('create_disk', [1024, {}]),
    meanwhile: (child) => child.stdout.destroy(),
  }

  test('is deleted again, by a driver that no signal interrupts', async () => {
    const run = await runOdd('', create)
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain("the answer could not be delivered, deleting disk 'disk-1'")
    expect(journal()).toBe('created disk-1\ndeleted disk-1, interrupted: false\n')
  })

  test('that cannot be deleted is named in the log', async () => {
    const run = await runOdd('cannot delete', create)
    expect(run.exitCode).toBe(1)
    expect(run.stderr).toContain("Deleting disk 'disk-1' failed, it may be left")
    expect(run.stderr).toContain('the cloud refuses')
  })

  test('and whose answer is read is kept', async () => {
    expect(answerOf(await runOdd('', { stdin: aRequest('create_disk', [1024, {}]) })).result).toBe('disk-1')
    expect(journal()).toBe('created disk-1\n')
  })
})

test('contract §2 an open handle does not hold the process once the answer is written', async () => {
  expect(answerOf(await runOdd('keeps a handle open')).result).toBe(true)
})

test('contract §12 the secrets of the configuration file are in neither log nor answer, its other values are', async () => {
  const secret = { password: 'pa55-word', url: 'https://user:url-pa55@cloud.test', region: 'region-one' }
  const run = await runOdd('fails with secrets', {}, secret)
  expect(answerOf(run).error?.message).toContain('region-one')
  expect(run.stdout + run.stderr).not.toMatch(/pa55/)
})

describe('the command line', () => {
  test('contract §5 info needs no configuration file', async () => {
    const run = await runExecutable(command, { stdin: aRequest('info') })
    expect(answerOf(run).result).toEqual({ api_version: 3, stemcell_formats: ['odd-raw'] })
  })

  test('a call without a configuration file is told what is missing', async () => {
    const run = await runExecutable(command, { stdin: aRequest('has_vm', ['vm-1']) })
    expect(answerOf(run).error?.message).toContain('No configuration file')
  })

  test.each([
    ['--version', 0, '1.2.3\n', ''],
    ['--help', 0, 'Usage: odd-cpi <config.json>', ''],
    ['--config', 2, '', "unknown option '--config'"],
  ])('%s ends with %i', async (word, exitCode, stdout, stderr) => {
    const run = await runExecutable([...command, word])
    expect(run.exitCode).toBe(exitCode)
    expect(run.stdout).toContain(stdout)
    expect(run.stderr).toContain(stderr)
  })

  test('an argument too many is a usage error, not a call', async () => {
    const run = await runExecutable([...command, 'a.json', 'b.json'])
    expect(run).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining("argument 'b.json'") })
  })
})
